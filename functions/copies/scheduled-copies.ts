import type { Store } from '../../config/cluster.ts'
import { storeLocation } from '../platform/object-store/location.ts'
import type { Outcome } from '../platform/outcome.ts'
import { keptSets } from '../retention/kept-sets.ts'
import { definedStore, storeSettings } from '../runtime/definition/defined-store.ts'
import { firstStore } from '../runtime/definition/defined-stores.ts'
import type { ScheduledRun, ScheduledWork } from '../runtime/scheduled.ts'
import { workThrough } from '../runtime/work-through.ts'
import { copySets } from './copy.ts'
import { copyOutcome } from './copy-outcome.ts'

/** Brings every copy of the definition up to what the first store holds and retention keeps. */
export const scheduledCopies: ScheduledWork = async (run) => {
  const { stores, copies, limits } = run.cluster.backup
  const targets = stores
    .filter(({ name }) => copies.to.includes(name))
    .map((store) => ({ store, subject: store.name, lease: `copies-${store.name}` }))
  return await workThrough(run, {
    ...{ operation: 'copies', of: 'stores', targets, limitSeconds: limits.durationSeconds, whenBusy: 'leave' },
    work: ({ store }, { signal }) => copyTo(run, store, signal),
  })
}

async function copyTo({ cluster, env, note }: ScheduledRun, store: Store, signal: AbortSignal): Promise<Outcome> {
  const source = await firstStore(cluster, env)
  const { keep, floor } = cluster.backup.retention
  const policy = { keep, floor, timeZone: cluster.timeZone }
  const startedMs = Date.now()
  const results = await copySets({
    source,
    targets: [{ name: store.name, settings: () => storeSettings(definedStore(store), env) }],
    filter: { cluster: cluster.name },
    wanted: { choose: (sets) => keptSets(sets, policy, startedMs) },
    dryRun: false,
    signal,
    onBegin: (target, { database, set }) => note(`copy ${set} of ${database} to ${target}`),
    onFailed: (target, { message }, address) => note(`${target}${address === undefined ? '' : ` ${address.set}`}: ${message}`),
  })
  const outcome = copyOutcome(storeLocation(source), results, false, (Date.now() - startedMs) / 1000)
  return { ...outcome, operation: 'copies', subject: store.name }
}
