import { qualified } from '../archive/copy-text.ts'
import type { TableChunk } from '../archive/cut-tables.ts'
import { type SetAddress, setPrefix, unitFile } from '../archive/keys.ts'
import { copyOutSql, type ReadTarget } from '../archive/read-table.ts'
import { throwIfAborted } from '../platform/abort.ts'
import type { ContentStore } from '../platform/encryption/content-store.ts'
import type { ContentUpload, StoredContent } from '../platform/encryption/content-upload.ts'
import { Failure } from '../platform/failure.ts'
import type { StoredObject } from '../platform/object-store/store.ts'
import type { CopyOut, CopyOutReader, CopyOutResult } from '../platform/postgres/copy/copy-out.ts'
import type { Session } from '../platform/postgres/session.ts'
import { FrameWriter, type WrittenFrame } from './frame-writer.ts'
import type { PlannedTask } from './plan.ts'
import { explainVanished } from './vanished.ts'

/** What one chunk's COPY gave, and where its frame lies; no frame for rows that are only digested. */
export interface ChunkResult extends CopyOutResult {
  table: number
  frame?: WrittenFrame
}

export interface TaskResult {
  chunks: ChunkResult[]
  /** The unit as the store confirmed it. */
  stored?: StoredObject
}

/** A task whose rows are all read. */
export interface CopiedTask {
  chunks: ChunkResult[]
  /** The object that is written and not yet complete; one of the two must be called. */
  unit?: { complete(): Promise<StoredObject>; abort(): Promise<void> }
}

export interface CopySource {
  session: Session
  reader: CopyOutReader
  /** The planned tables, by the index that chunks use. */
  tables: readonly ReadTarget[]
}

export interface CopyDestination {
  contents: ContentStore
  address: SetAddress
  compressionLevel: number
  signal: AbortSignal
  progress(bytes: number): void
  /** Hears of a unit just before it exists; what it throws gives the unit up. */
  announce?: ((task: PlannedTask, result: TaskResult) => Promise<void>) | undefined
}

/** Reads a task's chunks one after another; a unit's frames go into one object, which exists only when all succeeded. */
export async function copyTask(task: PlannedTask, source: CopySource, destination: CopyDestination): Promise<CopiedTask> {
  await lockTables(task, source)
  const copies = task.chunks.map((chunk) => copyOf(chunk, source))
  if (task.type === 'digest') return { chunks: chunkResults(task, await source.reader.copy(copies)) }
  const { contents, address, signal } = destination
  const upload = contents.upload(setPrefix(address) + unitFile(task.unit), { ifAbsent: true, signal })
  try {
    const frames = new FrameWriter(upload, destination.compressionLevel)
    const written: WrittenFrame[] = []
    let frame = frames.begin()
    const results = await source.reader.copy(copies, {
      write: async (bytes) => {
        throwIfAborted(signal, address.database)
        await frame.write(bytes)
        destination.progress(bytes.length)
      },
      end: async () => {
        written.push(await frame.end())
        frame = frames.begin()
      },
    })
    const chunks = chunkResults(task, results, written)
    const announce = (stored: StoredObject) => destination.announce?.(task, { chunks, stored })
    return { chunks, unit: { complete: () => complete(upload, frames.bytes, announce), abort: () => upload.abort() } }
  } catch (error) {
    await upload.abort()
    throw error
  }
}

async function complete(
  upload: ContentUpload,
  bytes: number,
  announce: (stored: StoredObject) => Promise<void> | undefined,
): Promise<StoredObject> {
  try {
    const { contentBytes: _, ...stored } = await upload.finish(async ({ contentBytes, ...planned }) => {
      if (contentBytes !== bytes) throw sizeMismatch({ ...planned, contentBytes }, bytes)
      await announce(planned)
    })
    return stored
  } catch (error) {
    await upload.abort()
    throw error
  }
}

function copyOf({ table: index, range }: TableChunk, { tables }: CopySource): CopyOut {
  const table = tables[index]
  if (table === undefined) throw new RangeError(`the plan names table ${index} of ${tables.length}`)
  return { sql: copyOutSql(table, range), subject: `table ${qualified(table)}` }
}

function chunkResults(
  { chunks }: PlannedTask,
  results: readonly CopyOutResult[],
  frames: readonly WrittenFrame[] = [],
): ChunkResult[] {
  return results.map((result, index) => {
    const [chunk, frame] = [chunks[index], frames[index]]
    if (chunk === undefined) throw new RangeError(`${results.length} results of ${chunks.length} chunks`)
    return { ...result, table: chunk.table, ...(frame && { frame }) }
  })
}

/**
 * Takes the lock before COPY would: a COPY that queues behind a waiting ALTER TABLE would wait for the snapshot's holder
 * for ever, a deadlock that PostgreSQL cannot see.
 */
async function lockTables(task: PlannedTask, { session, tables }: CopySource): Promise<void> {
  const names = task.chunks.flatMap(({ table }) => {
    const planned = tables[table]
    return planned === undefined || planned.query !== undefined ? [] : [qualified(planned)]
  })
  if (names.length === 0) return
  try {
    await session.query(`LOCK TABLE ONLY ${names.join(', ONLY ')} IN ACCESS SHARE MODE NOWAIT`)
  } catch (error) {
    throw explainVanished(error)
  }
}

function sizeMismatch(stored: StoredContent, bytes: number): Failure {
  return new Failure(`the upload of ${stored.key} has ${stored.contentBytes} bytes; ${bytes} were written`, {
    kind: 'bug',
    subject: stored.key,
    hint: 'Keep the log of this run and report it; the set was not published.',
  })
}
