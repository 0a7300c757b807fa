import { createHash } from 'node:crypto'
import { once } from 'node:events'
import { constants, createZstdCompress, type ZstdCompress, zstdCompressSync } from 'node:zlib'
import { discard } from '../platform/discard.ts'
import type { ObjectUpload } from '../platform/object-store/store.ts'

/** Where a frame lies in its unit. */
export interface WrittenFrame {
  offset: number
  length: number
  sha256: string
}

/** Output buffers of the compressor: the same size as its input keeps the number of calls down (measured). */
const outputBytes = 1024 * 1024
/** A chunk that fits in this is compressed at once, without a stream and its buffers: most tables are small. */
const smallBytes = 256 * 1024

/** Appends zstd frames to an upload, one per chunk, and hashes each as it is stored. */
export class FrameWriter {
  readonly #upload: ObjectUpload
  readonly #level: number
  #offset = 0

  constructor(upload: ObjectUpload, level: number) {
    this.#upload = upload
    this.#level = level
  }

  /** Bytes in the unit so far. */
  get bytes(): number {
    return this.#offset
  }

  /** Begins a frame; frames of one unit are written one after another. */
  begin(): Frame {
    return new Frame(this.#upload, this.#level, this.#offset, (length) => {
      this.#offset += length
    })
  }
}

/** One frame being written. */
export class Frame {
  readonly #upload: ObjectUpload
  readonly #params: Record<number, number>
  readonly #hash = createHash('sha256')
  readonly #offset: number
  readonly #ended: (length: number) => void
  readonly #output: Uint8Array[] = []
  #held = Buffer.alloc(0)
  #zstd: ZstdCompress | undefined
  #length = 0

  constructor(upload: ObjectUpload, level: number, offset: number, ended: (length: number) => void) {
    this.#upload = upload
    this.#offset = offset
    this.#ended = ended
    this.#params = { [constants.ZSTD_c_compressionLevel]: level, [constants.ZSTD_c_checksumFlag]: 1 }
  }

  /** Compresses a block; the bytes are not needed any more when the promise resolves. */
  async write(bytes: Uint8Array): Promise<void> {
    if (this.#zstd === undefined) {
      if (this.#held.length + bytes.length <= smallBytes) {
        this.#held = Buffer.concat([this.#held, bytes])
        return
      }
      this.#zstd = createZstdCompress({ chunkSize: outputBytes, params: this.#params })
      this.#zstd.on('data', (output: Uint8Array) => this.#output.push(output))
      await this.#compress(this.#zstd, this.#held)
    }
    await this.#compress(this.#zstd, bytes)
  }

  /** Ends the frame with its checksum. */
  async end(): Promise<WrittenFrame> {
    if (this.#zstd === undefined) {
      this.#output.push(zstdCompressSync(this.#held, { params: this.#params }))
    } else {
      const ended = once(this.#zstd, 'end')
      this.#zstd.end()
      await ended
    }
    await this.#store()
    this.#ended(this.#length)
    return { offset: this.#offset, length: this.#length, sha256: this.#hash.digest('hex') }
  }

  async #compress(zstd: ZstdCompress, bytes: Uint8Array): Promise<void> {
    await new Promise<void>((resolve, reject) => {
      zstd.write(bytes, (error) => (error ? reject(error) : resolve()))
    })
    await this.#store()
  }

  async #store(): Promise<void> {
    for (const bytes of this.#output.splice(0)) {
      this.#hash.update(bytes)
      this.#length += bytes.length
      await this.#upload.write(bytes)
      discard(bytes)
    }
  }
}
