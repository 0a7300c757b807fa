import { hostname } from 'node:os'
import type { Cluster } from '../../config/cluster.ts'
import { alertsKey } from '../../functions/archive/keys.ts'
import { notify } from '../../functions/platform/alerts/notify.ts'
import { notifyChecks } from '../../functions/platform/alerts/notify-report.ts'
import type { Check } from '../../functions/platform/check.ts'
import { DeferredStore } from '../../functions/platform/object-store/deferred-store.ts'
import { openStore } from '../../functions/platform/object-store/open-store.ts'
import { alertSettings } from '../../functions/runtime/definition/defined-alerts.ts'
import { storeSettings } from '../../functions/runtime/definition/defined-store.ts'
import { namedStore } from '../../functions/runtime/definition/defined-stores.ts'
import { failedUnitObservation, type UnitEnd } from '../../functions/runtime/failed-unit.ts'
import { runnableEntries } from '../../functions/timers/runnable.ts'
import { unitName } from '../../functions/timers/unit-names.ts'
import { configFailure } from '../settings/config-failure.ts'
import { commandEnvironment } from '../settings/environment.ts'

/**
 * Tells people, through the channels of the definition, that a unit has failed; what became of each message. None where there
 * is no channel.
 *
 * @throws Failure of kind `config` for a unit that the definition does not make.
 */
export async function tellFailedUnit(cluster: Cluster, end: UnitEnd, signal: AbortSignal): Promise<Check[]> {
  const { name } = cluster
  const entry = runnableEntries(cluster).entries.find((one) => `${unitName(name, one)}.service` === end.unit)
  if (entry === undefined) {
    const hint = 'Name a service that `ballast timers render` makes; `ballast timers install` removes those that are gone.'
    throw configFailure(`the definition makes no ${end.unit}`, '--name', hint)
  }
  if (cluster.alerts.channels.length === 0) return []
  const env = commandEnvironment(cluster)
  const settings = await alertSettings(cluster, env)
  // That it cannot be opened is told when it is used: people must hear all the same.
  const { store: stateStore } = cluster.alerts
  const store = new DeferredStore(
    stateStore,
    storeSettings(namedStore(cluster, stateStore, 'alerts.store'), env).then(openStore),
  )
  try {
    const observation = failedUnitObservation({ ...entry, cluster: name }, end, hostname())
    const context = { store, stateKey: alertsKey(name), nowMs: Date.now(), signal }
    return notifyChecks(await notify([observation], settings, context))
  } finally {
    store.close()
  }
}
