import { qualified } from '../archive/copy-text.ts'
import { type SetAddress, setPrefix, unitFile } from '../archive/keys.ts'
import { copyOutSql, type ReadTarget } from '../archive/read-table.ts'
import { Failure } from '../platform/failure.ts'
import type { ObjectStore, StoredObject } from '../platform/object-store/store.ts'
import type { CopyOutReader, CopyOutResult } from '../platform/postgres/copy/copy-out.ts'
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

export interface CopySource {
  session: Session
  reader: CopyOutReader
  /** The planned tables, by the index that chunks use. */
  tables: readonly ReadTarget[]
}

export interface CopyDestination {
  store: ObjectStore
  address: SetAddress
  compressionLevel: number
  signal: AbortSignal
  progress(bytes: number): void
}

/** Reads a task's chunks one after another; a unit's frames go into one object, which exists only when all succeeded. */
export async function copyTask(task: PlannedTask, source: CopySource, destination: CopyDestination): Promise<TaskResult> {
  await lockTables(task, source)
  if (task.type === 'digest') return { chunks: await digestChunks(task, source, destination) }
  const { store, address, signal } = destination
  const upload = store.upload(setPrefix(address) + unitFile(task.unit), { ifAbsent: true, signal })
  try {
    const frames = new FrameWriter(upload, destination.compressionLevel)
    const chunks: ChunkResult[] = []
    for (const chunk of task.chunks) {
      const frame = frames.begin()
      const result = await read(chunk, source, async (bytes) => {
        signal.throwIfAborted()
        await frame.write(bytes)
        destination.progress(bytes.length)
      })
      chunks.push({ ...result, table: chunk.table, frame: await frame.end() })
    }
    const stored = await upload.finish()
    if (stored.bytes !== frames.bytes) throw sizeMismatch(stored, frames.bytes)
    return { chunks, stored }
  } catch (error) {
    await upload.abort()
    throw error
  }
}

async function digestChunks(task: PlannedTask, source: CopySource, { signal }: CopyDestination): Promise<ChunkResult[]> {
  const chunks: ChunkResult[] = []
  for (const chunk of task.chunks) {
    signal.throwIfAborted()
    chunks.push({ ...(await read(chunk, source)), table: chunk.table })
  }
  return chunks
}

function read(
  { table: index, range }: PlannedTask['chunks'][number],
  { reader, tables }: CopySource,
  sink?: (bytes: Uint8Array) => Promise<void>,
): Promise<CopyOutResult> {
  const table = tables[index]
  if (table === undefined) throw new RangeError(`the plan names table ${index} of ${tables.length}`)
  return reader.copy(copyOutSql(table, range), `table ${qualified(table)}`, sink)
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

function sizeMismatch(stored: StoredObject, bytes: number): Failure {
  return new Failure(`the store confirmed ${stored.bytes} bytes of ${stored.key}; ${bytes} were sent`, {
    kind: 'bug',
    subject: stored.key,
    hint: 'Keep the log of this run and report it; the set was not published.',
  })
}
