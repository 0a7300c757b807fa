import type { SetFilter } from '../archive/catalogue-scan.ts'
import { parseSlotKey, slotsPrefix } from '../archive/keys.ts'
import type { ObjectStore } from '../platform/object-store/store.ts'
import { clustersOf } from './clusters-of.ts'
import { deleteKeys } from './delete-set.ts'

/**
 * Removes the decisions on slots that are older than the limit: by then the set of the slot is published, or its run is
 * dead. They go before the sets that they name, so that nobody can publish a set that is being removed. Returns how many.
 */
export async function sweepSlots(
  store: ObjectStore,
  filter: SetFilter,
  olderThanSeconds: number,
  signal: AbortSignal | undefined,
): Promise<number> {
  const latestMs = Date.now() - olderThanSeconds * 1000
  const old: string[] = []
  for await (const cluster of clustersOf(store, filter, signal)) {
    for await (const page of store.list(slotsPrefix(cluster), signal === undefined ? {} : { signal })) {
      for (const { key, modifiedMs } of page.objects) {
        const place = parseSlotKey(key)
        const meant = place !== undefined && (filter.database === undefined || place.database === filter.database)
        if (meant && modifiedMs < latestMs) old.push(key)
      }
    }
  }
  await deleteKeys(store, old, signal)
  return old.length
}
