import { createHash, type Hash } from 'node:crypto'
import { createZstdDecompress, zstdDecompressSync } from 'node:zlib'
import { columnList, qualified } from '../archive/copy-text.ts'
import { damagedFile } from '../archive/damaged-file.ts'
import { type SetAddress, unitFile } from '../archive/keys.ts'
import { throwIfAborted } from '../platform/abort.ts'
import { discard } from '../platform/discard.ts'
import { drained } from '../platform/drained.ts'
import { Failure } from '../platform/failure.ts'
import { copyIn } from '../platform/postgres/copy/copy-in.ts'
import type { Session } from '../platform/postgres/session.ts'
import { ByteReader } from './byte-reader.ts'
import type { SetContents } from './set-contents.ts'

/** One chunk to load; in the order in which the frames lie in the unit. */
export interface LoadChunk {
  schema: string
  name: string
  columns: string[]
  offset: number
  length: number
  rawBytes: number
  rows: number
  sha256: string
}

/** The chunks of one unit that are wanted. */
export interface LoadTask {
  unit: number
  /** Of the whole unit, when all of it is wanted. */
  sha256?: string
  chunks: LoadChunk[]
}

export interface LoadContext {
  session: Session
  contents: SetContents
  address: SetAddress
  signal: AbortSignal
  progress(bytes: number): void
}

/** Code of the Failure of a chunk that does not hold as many rows as recorded. */
export const rowsDiffer = 'ROWS_DIFFER'

/** Decompressed at once when both sides of a frame are small; most tables are. */
const smallBytes = 1024 * 1024
const outputBytes = 1024 * 1024

/**
 * Streams a unit from the store into its tables. Each frame's SHA-256 and number of rows must be the recorded ones, or
 * its COPY fails as a whole; a unit that is read whole must have its own recorded SHA-256 too.
 */
export async function loadUnit({ unit, sha256, chunks }: LoadTask, context: LoadContext): Promise<void> {
  const first = chunks[0]
  const last = chunks.at(-1)
  if (first === undefined || last === undefined) return
  const { contents, signal } = context
  const length = last.offset + last.length - first.offset
  const bytes = contents.range(unitFile(unit), first.offset, length, signal)
  const hash = createHash('sha256')
  const source = new ByteReader(sha256 === undefined ? bytes : hashed(bytes, hash))
  try {
    let position = first.offset
    for (const chunk of chunks) {
      throwIfAborted(signal, `table ${qualified(chunk)}`)
      await source.skip(chunk.offset - position)
      await loadChunk(unit, chunk, source, context)
      position = chunk.offset + chunk.length
      context.progress(chunk.rawBytes)
    }
    if (sha256 !== undefined && hash.digest('hex') !== sha256) throw damagedUnit(unit, context)
  } finally {
    await source.close()
  }
}

async function* hashed(source: AsyncIterable<Uint8Array>, hash: Hash): AsyncGenerator<Uint8Array> {
  for await (const bytes of source) {
    hash.update(bytes)
    yield bytes
  }
}

async function loadChunk(unit: number, chunk: LoadChunk, source: ByteReader, context: LoadContext): Promise<void> {
  const subject = `table ${qualified(chunk)}`
  const sql = `COPY ${qualified(chunk)}${columnList(chunk.columns)} FROM STDIN`
  const text = decompress(unit, chunk, source, context)
  const rows = await copyIn(context.session, sql, subject, text).catch(async (error: unknown) => {
    throw isRefusedData(error) && !(await isAsStored(unit, chunk, context)) ? damagedUnit(unit, context, error) : error
  })
  if (rows === chunk.rows) return
  throw new Failure(`${subject} took ${rows} rows of a chunk that holds ${chunk.rows}`, {
    kind: 'permanent',
    subject,
    hint: 'Something in the target takes rows away (a rule or a trigger): restore into an empty database.',
    code: rowsDiffer,
  })
}

/** The server found no sense in the text: it may be damaged, which the hash at its end would have told too late. */
function isRefusedData(error: unknown): boolean {
  return error instanceof Failure && /^2[23][0-9A-Z]{3}$/.test(error.code ?? '')
}

/** Reads a frame once more, and tells whether it is the recorded one. */
async function isAsStored(unit: number, { offset, length, sha256 }: LoadChunk, context: LoadContext): Promise<boolean> {
  const { contents, signal } = context
  const hash = createHash('sha256')
  for await (const bytes of contents.range(unitFile(unit), offset, length, signal)) hash.update(bytes)
  return hash.digest('hex') === sha256
}

function damagedUnit(unit: number, { address, contents }: LoadContext, cause?: unknown): Failure {
  return damagedFile(address, contents.storedName(unitFile(unit)), cause)
}

/** The chunk's text. Ends normally only when the frame was the stored one, to the last byte. */
async function* decompress(
  unit: number,
  chunk: LoadChunk,
  source: ByteReader,
  context: LoadContext,
): AsyncGenerator<Uint8Array> {
  const hash = createHash('sha256')
  const damaged = (cause?: unknown): Failure => damagedUnit(unit, context, cause)
  let rawBytes = 0
  const frames =
    chunk.length <= smallBytes && chunk.rawBytes <= smallBytes
      ? inOneGo(chunk, source, hash, damaged)
      : streamed(chunk, source, hash, damaged)
  for await (const bytes of frames) {
    rawBytes += bytes.length
    yield bytes
  }
  if (rawBytes !== chunk.rawBytes || hash.digest('hex') !== chunk.sha256) throw damaged()
}

async function* inOneGo(
  chunk: LoadChunk,
  source: ByteReader,
  hash: Hash,
  damaged: (cause: unknown) => Failure,
): AsyncGenerator<Uint8Array> {
  const parts: Uint8Array[] = []
  for await (const part of source.take(chunk.length)) parts.push(part)
  const frame = Buffer.concat(parts)
  hash.update(frame)
  try {
    yield zstdDecompressSync(frame, { maxOutputLength: Math.max(1, chunk.rawBytes) })
  } catch (cause) {
    throw damaged(cause)
  }
}

async function* streamed(
  chunk: LoadChunk,
  source: ByteReader,
  hash: Hash,
  damaged: (cause: unknown) => Failure,
): AsyncGenerator<Uint8Array> {
  const zstd = createZstdDecompress({ chunkSize: outputBytes })
  let readError: { error: unknown } | undefined
  const feed = async (): Promise<void> => {
    for await (const part of source.take(chunk.length)) {
      hash.update(part)
      if (!zstd.write(part)) await drained(zstd)
    }
    zstd.end()
  }
  const fed = feed().catch((error: unknown) => {
    readError = { error }
    zstd.destroy()
  })
  try {
    for await (const bytes of zstd) {
      yield bytes as Uint8Array
      discard(bytes as Uint8Array)
    }
  } catch (cause) {
    // The store's own error says more than what it did to the decompressor.
    if (readError === undefined) throw damaged(cause)
  } finally {
    zstd.destroy()
    await fed
  }
  if (readError !== undefined) throw readError.error
}
