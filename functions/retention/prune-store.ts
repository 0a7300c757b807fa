import { type SetFilter, scanSets } from '../archive/catalogue-scan.ts'
import type { StoreSettings } from '../platform/object-store/settings.ts'
import { withStore } from '../runtime/with-store.ts'
import type { RetentionPolicy } from './policy.ts'
import { type PruneResult, prune } from './prune.ts'
import { type SweepResult, sweep } from './sweep.ts'

/** What to delete in one store. */
export interface StorePruning {
  filter: SetFilter
  /** Without one only leftovers are removed. */
  policy: RetentionPolicy | undefined
  /** Of leftovers: younger ones may belong to a run at work. */
  olderThanSeconds: number
  dryRun: boolean
  signal: AbortSignal
}

/** Deletes, in one store, the sets that the policy does not keep, and what interrupted runs left. */
export async function pruneStore(
  settings: StoreSettings,
  { policy, olderThanSeconds, ...shared }: StorePruning,
): Promise<{ pruned: PruneResult | undefined; swept: SweepResult }> {
  return await withStore(settings, async (store, readStart) => {
    // Whatever is deleted is looked at once more just before.
    const scanned = await Array.fromAsync(scanSets(store, shared.filter, shared.signal))
    const pruned = policy && (await prune(store, { ...shared, policy, scanned, readStart }))
    return { pruned, swept: await sweep(store, { ...shared, olderThanSeconds, scanned }) }
  })
}
