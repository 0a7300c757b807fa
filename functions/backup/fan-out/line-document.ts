import { Readable } from 'node:stream'
import { constants, createZstdCompress, createZstdDecompress } from 'node:zlib'
import type { ObjectStore } from '../../platform/object-store/store.ts'
import type { RunPlace } from './run-store.ts'

/** Lines are compressed so many characters at a time. */
const blockCharacters = 256 * 1024
const params = { [constants.ZSTD_c_compressionLevel]: 1, [constants.ZSTD_c_checksumFlag]: 1 }

/**
 * Stores values as lines of JSON, compressed, only if nothing has this key: however many they are, and only a block of them is in
 * memory at a time.
 */
export async function writeLines({ store, signal }: RunPlace, key: string, values: Iterable<unknown>): Promise<void> {
  const upload = store.upload(key, { ifAbsent: true, contentType: 'application/zstd', signal })
  try {
    for await (const bytes of Readable.from(blocks(values)).compose(createZstdCompress({ params })) as AsyncIterable<Buffer>) {
      await upload.write(bytes)
    }
    await upload.finish()
  } catch (error) {
    await upload.abort()
    throw error
  }
}

/** Reads what {@link writeLines} has stored, value by value. */
export async function* readLines(store: ObjectStore, key: string, signal: AbortSignal): AsyncGenerator<unknown> {
  const decompress = createZstdDecompress()
  // What goes wrong is thrown by the loop; who reads only the first lines ends the stream in the middle, which is no error.
  decompress.on('error', () => undefined)
  const text = Readable.from(store.read(key, { signal })).compose(decompress).setEncoding('utf8')
  let rest = ''
  for await (const part of text as AsyncIterable<string>) {
    const lines = (rest + part).split('\n')
    rest = lines.pop() ?? ''
    for (const line of lines) yield JSON.parse(line)
  }
}

function* blocks(values: Iterable<unknown>): Generator<string> {
  let block = ''
  for (const value of values) {
    block += `${JSON.stringify(value)}\n`
    if (block.length < blockCharacters) continue
    yield block
    block = ''
  }
  if (block !== '') yield block
}
