import type { SetFilter } from '../archive/catalogue-scan.ts'
import { allRunsPrefix, parseRunKey, runPrefix, runStateKey, type SetAddress } from '../archive/keys.ts'
import type { ObjectStore } from '../platform/object-store/store.ts'
import { clustersOf } from './clusters-of.ts'
import { deleteKeys } from './delete-set.ts'

/**
 * Removes what the steps of fanned-out runs told each other, of runs that have been silent for longer than the limit: one at work
 * renews its state every few seconds. Of a published set the state stays as long as the set: it says that many functions made it.
 *
 * @param published sets that have a manifest. Returns how many objects went.
 */
export async function sweepRuns(
  store: ObjectStore,
  filter: SetFilter,
  { olderThanSeconds, published, signal }: { olderThanSeconds: number; published: readonly SetAddress[]; signal?: AbortSignal },
): Promise<number> {
  const latestMs = Date.now() - olderThanSeconds * 1000
  const kept = new Set(published.map(runStateKey))
  const runs = new Map<string, { keys: string[]; youngestMs: number }>()
  for await (const cluster of clustersOf(store, filter, signal)) {
    for await (const page of store.list(allRunsPrefix(cluster), signal === undefined ? {} : { signal })) {
      for (const { key, modifiedMs } of page.objects) {
        const address = parseRunKey(key)
        if (address === undefined || (filter.database !== undefined && address.database !== filter.database)) continue
        const run = runs.get(runPrefix(address)) ?? { keys: [], youngestMs: 0 }
        if (!kept.has(key)) run.keys.push(key)
        runs.set(runPrefix(address), { keys: run.keys, youngestMs: Math.max(run.youngestMs, modifiedMs) })
      }
    }
  }
  const old = [...runs.values()].filter(({ youngestMs }) => youngestMs < latestMs).flatMap(({ keys }) => keys)
  await deleteKeys(store, old, signal)
  return old.length
}
