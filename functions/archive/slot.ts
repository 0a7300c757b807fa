import { Failure } from '../platform/failure.ts'
import type { ObjectStore } from '../platform/object-store/store.ts'
import { databasePrefix, manifestFile, type SetAddress, setPrefix } from './keys.ts'
import { parseSetName } from './set-name.ts'

/** One backup that a schedule asks for: a line of it, and an instant of that line. */
export interface ScheduleSlot {
  slot: string
  /** Milliseconds since the epoch; whole minutes. */
  dueMs: number
}

const minuteMs = 60_000

/** The run part of the names of a slot's sets: `daily-20261125t0600z`, in UTC. */
export function slotRun({ slot, dueMs }: ScheduleSlot): string {
  if (!Number.isInteger(dueMs / minuteMs)) {
    throw new Failure(`${new Date(dueMs).toISOString()} is not a whole minute`, {
      kind: 'config',
      subject: `slot ${slot}`,
      hint: 'Schedules have minutes: name the instant without seconds, such as 2026-11-25T06:00:00Z.',
    })
  }
  return `${slot}-${new Date(dueMs).toISOString().slice(0, 16).replace(/[-:]/g, '').toLowerCase()}z`
}

/**
 * The published set of a slot, by names alone and one look at each set that has the slot's; undefined when there is none.
 * What killed runs left under the same slot has no manifest and does not count.
 */
export async function findSlotSet(
  store: ObjectStore,
  place: Pick<SetAddress, 'cluster' | 'database'>,
  run: string,
  signal?: AbortSignal,
): Promise<SetAddress | undefined> {
  const prefix = databasePrefix(place.cluster, place.database)
  for await (const page of store.list(prefix, { delimiter: '/', ...(signal && { signal }) })) {
    for (const name of page.prefixes) {
      const set = name.slice(prefix.length, -1)
      if (parseSetName(set)?.run !== run) continue
      const address = { cluster: place.cluster, database: place.database, set }
      if ((await store.head(setPrefix(address) + manifestFile, signal)) !== undefined) return address
    }
  }
  return undefined
}
