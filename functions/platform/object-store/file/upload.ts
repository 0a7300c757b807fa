import { createHash } from 'node:crypto'
import { type FileHandle, open, rename, rm, stat } from 'node:fs/promises'
import { throwIfAborted } from '../../abort.ts'
import { Failure, toFailure } from '../../failure.ts'
import type { BeforeStored, ObjectUpload, PutOptions, StoredObject } from '../store.ts'
import { fileFailure } from './errors.ts'
import { linkNew, publish } from './publish.ts'
import { beginUpload, type UploadFolder } from './upload-folder.ts'
import { replaceVersion } from './versions.ts'

/** Backups are nobody else's business, whatever the umask. */
const ownerOnly = 0o600

/** An upload being written: its folder, and its open data file. */
interface Writing extends UploadFolder {
  handle: FileHandle
}

/** Streams one object into the directory: aside first, then synced, then named. */
export class FileUpload implements ObjectUpload {
  readonly #directory: string
  readonly #key: string
  readonly #path: string
  readonly #options: PutOptions
  readonly #hash = createHash('sha256')
  #writing: Promise<Writing> | undefined
  #busy: Promise<unknown> = Promise.resolve()
  #bytes = 0
  #finished = false
  #failure: Failure | undefined

  constructor(directory: string, key: string, path: string, options: PutOptions) {
    this.#directory = directory
    this.#key = key
    this.#path = path
    this.#options = options
  }

  write(bytes: Uint8Array): Promise<void> {
    return this.#whileOpen(async () => {
      const { handle } = await this.#begin()
      this.#hash.update(bytes)
      for (let written = 0; written < bytes.byteLength; ) {
        const { bytesWritten } = await handle.write(bytes, written)
        written += bytesWritten
      }
      this.#bytes += bytes.byteLength
    })
  }

  finish(before?: BeforeStored<StoredObject>): Promise<StoredObject> {
    return this.#whileOpen(async () => {
      const { handle, folder, dataPath } = await this.#begin()
      await handle.sync()
      await handle.close()
      const { size } = await stat(dataPath)
      if (size !== this.#bytes) throw sizeMismatch(size, this.#bytes, this.#path)
      const stored = { key: this.#key, bytes: this.#bytes, sha256: this.#hash.digest('hex') }
      const announce = async () => before?.(stored)
      await announce()
      throwIfAborted(this.#options.signal, this.#path)
      await publish(this.#path, () => this.#move(dataPath))
      this.#finished = true
      // Only the note of the key is left; a leftover is swept as an unfinished upload and costs nothing.
      await rm(folder, { recursive: true, force: true }).catch(() => undefined)
      return stored
    })
  }

  #move(dataPath: string): Promise<void> {
    const { ifAbsent = false, ifVersion } = this.#options
    if (ifVersion !== undefined) return replaceVersion(this.#directory, dataPath, this.#path, ifVersion)
    return ifAbsent ? linkNew(dataPath, this.#path) : rename(dataPath, this.#path)
  }

  async abort(): Promise<void> {
    if (this.#finished) return
    this.#failure ??= new Failure('The upload was aborted', {
      kind: 'transient',
      subject: this.#path,
      code: 'Aborted',
      hint: 'Nothing was published under this key; see the failure that came before.',
    })
    await this.#busy.catch(() => undefined)
    await this.#release()
  }

  async #whileOpen<T>(work: () => Promise<T>): Promise<T> {
    if (this.#finished) throw toFailure(new Error('The upload is finished already'), this.#path)
    if (this.#failure !== undefined) throw this.#failure
    const done = this.#guard(work)
    this.#busy = done
    return done
  }

  async #guard<T>(work: () => Promise<T>): Promise<T> {
    try {
      throwIfAborted(this.#options.signal, this.#path)
      return await work()
    } catch (thrown) {
      this.#failure ??= fileFailure(thrown, 'Storing the object', this.#path)
      await this.#release()
      throw this.#failure
    }
  }

  #begin(): Promise<Writing> {
    this.#writing ??= beginUpload(this.#directory, this.#key, Date.now()).then(async (upload) => ({
      ...upload,
      handle: await open(upload.dataPath, 'wx', ownerOnly),
    }))
    return this.#writing
  }

  async #release(): Promise<void> {
    try {
      const writing = await this.#writing
      await writing?.handle.close()
      if (writing !== undefined) await rm(writing.folder, { recursive: true, force: true })
    } catch {
      // The failure that led here is the one to report; what is left shows up as a pending upload.
    }
  }
}

function sizeMismatch(found: number, written: number, subject: string): Failure {
  return new Failure(`The file has ${found} bytes, but ${written} were written`, {
    kind: 'permanent',
    subject,
    code: 'SizeMismatch',
    hint: 'The file system loses data: check the disk before trusting anything on it.',
  })
}
