import type { Cluster } from '../../../config/cluster.ts'
import type { ScheduledOperation } from '../../../config/timetable.ts'
import { alertsKey } from '../../archive/keys.ts'
import { isEnd } from '../../platform/alerts/decide.ts'
import { type NotifyContext, notify } from '../../platform/alerts/notify.ts'
import type { EventReport, NotifyReport } from '../../platform/alerts/notify-report.ts'
import type { Observation } from '../../platform/alerts/observation.ts'
import { openStore } from '../../platform/object-store/open-store.ts'
import { clusterEnvironment } from '../definition/cluster-environment.ts'
import { alertSettings } from '../definition/defined-alerts.ts'
import { beginDefinedHeartbeat } from '../definition/defined-heartbeat.ts'
import { storeSettings } from '../definition/defined-store.ts'
import { namedStore } from '../definition/defined-stores.ts'
import { type EndedRun, recordOutcome } from '../history/record-outcome.ts'
import type { ScheduledRun } from '../scheduled.ts'
import type { Attendants, Untold } from './attendants.ts'

/** Those whom the definition names. */
export function definedAttendants(
  operation: ScheduledOperation,
  given: Pick<ScheduledRun, 'cluster' | 'slot' | 'env'>,
): Attendants {
  const { cluster, slot } = given
  const env = clusterEnvironment(cluster, given.env)
  const run = { cluster: cluster.name, operation, ...(slot === undefined ? {} : { slot }) }
  return {
    alert: (observations, signal) => alertDefined(cluster, env, observations, signal),
    record: (outcome, signal) => recordDefined(cluster, env, { ...run, atMs: Date.now(), outcome }, signal),
    beginHeartbeat: () => beginDefinedHeartbeat(cluster, env),
  }
}

async function alertDefined(
  cluster: Cluster,
  env: NodeJS.ProcessEnv,
  observations: readonly Observation[],
  signal: AbortSignal,
): Promise<Untold[]> {
  if (cluster.alerts.channels.length === 0) return []
  const settings = await alertSettings(cluster, env)
  const store = openStore(await storeSettings(namedStore(cluster, cluster.alerts.store, 'alerts.store'), env))
  try {
    const context: NotifyContext = { store, stateKey: alertsKey(cluster.name), nowMs: Date.now(), signal }
    return untoldAlerts(await notify(observations, settings, context))
  } finally {
    store.close()
  }
}

async function recordDefined(cluster: Cluster, env: NodeJS.ProcessEnv, run: EndedRun, signal: AbortSignal): Promise<Untold[]> {
  const store = openStore(await storeSettings(namedStore(cluster, cluster.status.store, 'status.store'), env))
  try {
    const { replaced } = await recordOutcome(store, run, signal)
    if (replaced === undefined) return []
    const hint = 'Find out who or what changed it; the days that it held are shown as without data.'
    return [{ by: 'history', message: `The history of this month ${replaced}, and was begun anew`, hint }]
  } finally {
    store.close()
  }
}

/** What a report says that somebody did not hear, or that could not be kept. */
function untoldAlerts({ events, problems }: NotifyReport): Untold[] {
  return [...events.flatMap(untoldEvent), ...problems.map(({ message, hint }): Untold => ({ by: 'alerts', message, hint }))]
}

/** Of an event that nobody took, or that not the first one took that should. */
function untoldEvent({ event, heard, deliveries }: EventReport): Untold[] {
  const failures = deliveries.flatMap(({ failure }) => (failure === undefined ? [] : [failure]))
  if (heard && failures.length === 0) return []
  const why = failures.map(({ message }) => message).join('; ') || 'there was no time left to tell anybody'
  const takers = deliveries.filter(({ delivered }) => delivered).map(({ channel }) => channel)
  return [
    {
      by: 'alerts',
      message: `${event.type} of ${event.key}: ${takers.length === 0 ? why : `told by ${takers.join(', ')}, but: ${why}`}`,
      hint: [...new Set(failures.map(({ hint }) => hint))].join(' ') || 'The next run tells it.',
      ...(!heard && event.severity === 'critical' && !isEnd(event) ? { critical: true } : {}),
    },
  ]
}
