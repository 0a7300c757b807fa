import { replicationMemoryKey } from '../archive/keys.ts'
import { conditionFailed } from '../platform/object-store/condition-failed.ts'
import type { ObjectStore, VersionedObject } from '../platform/object-store/store.ts'
import { type PollMemory, pollMemory } from './memory.ts'

/** What the poll before left, and how the next one may replace it. */
export interface KeptMemory {
  /** Absent before the first poll, and where what was kept cannot be understood. */
  memory?: PollMemory
  version?: string
}

/** Reads it. What cannot be understood is as good as nothing: it only makes the next judgements more careful. */
export async function readMemory(store: ObjectStore, cluster: string, signal: AbortSignal): Promise<KeptMemory> {
  const found = await store.readSmall(replicationMemoryKey(cluster), signal)
  if (found === undefined) return {}
  const memory = parse(found)
  return { version: found.version, ...(memory === undefined ? {} : { memory }) }
}

/** Keeps it for the next poll, unless a poll that ran at the same time was first: its memory is as good. */
export async function keepMemory(
  store: ObjectStore,
  cluster: string,
  memory: PollMemory,
  { version }: KeptMemory,
  signal: AbortSignal,
): Promise<void> {
  const condition = version === undefined ? { ifAbsent: true } : { ifVersion: version }
  const bytes = Buffer.from(`${JSON.stringify(memory)}\n`)
  await store
    .put(replicationMemoryKey(cluster), bytes, { ...condition, contentType: 'application/json', signal })
    .catch((error: unknown) => {
      if (!conditionFailed(error)) throw error
    })
}

function parse({ bytes }: VersionedObject): PollMemory | undefined {
  try {
    return pollMemory.parse(JSON.parse(Buffer.from(bytes).toString('utf8')))
  } catch {
    return undefined
  }
}
