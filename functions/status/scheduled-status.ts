import type { Cluster } from '../../config/cluster.ts'
import { nextDueMs } from '../../config/due.ts'
import { rehearsalPlans } from '../../config/rehearsals.ts'
import { definedLimits } from '../runtime/definition/defined-limits.ts'
import { storeSettings } from '../runtime/definition/defined-store.ts'
import { definedStores, namedStore } from '../runtime/definition/defined-stores.ts'
import type { ScheduledWork } from '../runtime/scheduled.ts'
import { withStore } from '../runtime/with-store.ts'
import { learnStatus, type StatusQuestion } from './learn-status.ts'
import { publishStatus } from './publish-status.ts'
import type { Concern } from './status-report.ts'

/** A page is late when the next one is not there by then. */
const renewGraceMs = 5 * 60_000

/**
 * Writes the status of a cluster, as a page in each language and for programs. It is well when it is written, however the
 * cluster is: that others look at, and alert of.
 */
export const scheduledStatus: ScheduledWork = async ({ cluster, env, signal, note }) => {
  const places = statusStores(cluster)
  const report = await learnStatus({
    ...{ definition: cluster, cluster: cluster.name, database: undefined, ...places },
    ...{ freshness: definedLimits(cluster), renewByMs: renewByMs(cluster, Date.now()), env, signal },
  })
  const settings = await storeSettings(places.stateStore, env)
  const keys = await withStore(settings, (store) => publishStatus(store, report, cluster.status.languages, signal))
  note(`${report.verdict}: wrote ${keys.join(', ')}`)
  const count = (status: Concern['status']): number => report.concerns.filter((one) => one.status === status).length
  return {
    ...{ operation: 'status', subject: cluster.name, ok: true },
    numbers: { failures: count('fail'), unknowns: count('unknown'), warnings: count('warn'), files: keys.length },
    details: { verdict: report.verdict, keys },
  }
}

/** Where a definition keeps what its status is made from. */
export function statusStores(
  cluster: Cluster,
): Pick<StatusQuestion, 'stores' | 'stateStore' | 'alertStore' | 'rehearsalStore'> {
  const { status, alerts, handover } = cluster
  return {
    stores: definedStores(cluster),
    stateStore: namedStore(cluster, status.store, 'status.store'),
    ...(alerts.channels.length === 0 ? {} : { alertStore: namedStore(cluster, alerts.store, 'alerts.store') }),
    ...(rehearsalPlans(cluster).length === 0
      ? {}
      : { rehearsalStore: namedStore(cluster, handover.drills.store, 'handover.drills.store') }),
  }
}

/** By when the next page should be there. */
export function renewByMs({ status, timeZone }: Pick<Cluster, 'status' | 'timeZone'>, nowMs: number): number {
  return nextDueMs(status.schedule, timeZone, nowMs) + renewGraceMs
}
