import type { Store } from '../../config/cluster.ts'
import { requireDirectory } from '../platform/object-store/file/require-directory.ts'
import { storeLocation } from '../platform/object-store/location.ts'
import type { Outcome } from '../platform/outcome.ts'
import { atPath } from '../runtime/definition/at-path.ts'
import { definedStore, storeSettings } from '../runtime/definition/defined-store.ts'
import type { ScheduledRun, ScheduledWork } from '../runtime/scheduled.ts'
import { workThrough } from '../runtime/work-through.ts'
import { pruneOutcome } from './prune-outcome.ts'
import { pruneStore } from './prune-store.ts'

/** Deletes, in every store, the cluster's sets that the policy does not keep, and what interrupted runs left. */
export const scheduledRetention: ScheduledWork = async (run) => {
  const { stores, limits } = run.cluster.backup
  const targets = stores.map((store, index) => {
    return { store, path: `backup.stores[${index}]`, subject: store.name, lease: `retention-${store.name}` }
  })
  return await workThrough(run, {
    ...{ operation: 'retention', of: 'stores', targets, limitSeconds: limits.durationSeconds, whenBusy: 'leave' },
    work: ({ store, path }, { signal }) => atPath(path, () => retain(run, store, signal)),
  })
}

async function retain({ cluster, env }: ScheduledRun, defined: Store, signal: AbortSignal): Promise<Outcome> {
  const { keep, floor, sweepAfterSeconds } = cluster.backup.retention
  const settings = await storeSettings(definedStore(defined), env)
  await requireDirectory(settings)
  const startedMs = Date.now()
  const { pruned, swept } = await pruneStore(settings, {
    ...{ filter: { cluster: cluster.name }, dryRun: false, signal },
    policy: { keep, floor, timeZone: cluster.timeZone },
    olderThanSeconds: sweepAfterSeconds,
  })
  const outcome = pruneOutcome(storeLocation(settings), pruned, swept, false)
  const seconds = (Date.now() - startedMs) / 1000
  return { ...outcome, operation: 'retention', numbers: { ...outcome.numbers, seconds } }
}
