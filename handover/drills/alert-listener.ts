import type { Cluster } from '../../config/cluster.ts'
import { alertsKey } from '../../functions/archive/keys.ts'
import { notify } from '../../functions/platform/alerts/notify.ts'
import type { Observation } from '../../functions/platform/alerts/observation.ts'
import type { AlertSettings } from '../../functions/platform/alerts/settings.ts'
import { openStore } from '../../functions/platform/object-store/open-store.ts'
import type { StoreSettings } from '../../functions/platform/object-store/settings.ts'
import { privateDirectory } from '../../functions/platform/process/private-directory.ts'
import { holdSecret } from '../../functions/platform/secrets/held-secret.ts'
import { type ReceivedAlert, startAlertReceiver } from '../../sandbox/demo/alert-receiver.ts'
import { randomSecret } from '../../sandbox/secret.ts'

/** A webhook on loopback that hears what people on call would: by the definition's rules, and nobody else is told. */
export interface AlertListener {
  readonly heard: readonly ReceivedAlert[]
  /**
   * Tells what was observed, as a scheduled run does.
   *
   * @param store that keeps the state of alerts; a directory of the listener's own where it is left out.
   */
  tell(observations: readonly Observation[], signal: AbortSignal, store?: StoreSettings): Promise<void>
  close(): Promise<void>
}

export async function listenToAlerts({ name, alerts }: Cluster): Promise<AlertListener> {
  const receiver = await startAlertReceiver()
  const own = await privateDirectory('ballast-drill-')
  const channel = { type: 'webhook', name: 'listener', url: receiver.url, signingKey: holdSecret(randomSecret()) } as const
  const { language, raiseAfter, outOf, remindEverySeconds, recovery } = alerts
  const order = { critical: [channel.name], warning: [channel.name] }
  const rules = { raiseAfter, outOf, remindEverySeconds, recovery }
  const settings: AlertSettings = { cluster: name, language, channels: [channel], order, ...rules }
  return {
    heard: receiver.alerts,
    tell: async (observations, signal, state = { type: 'file', directory: own.path }) => {
      const store = openStore(state)
      try {
        await notify(observations, settings, { store, stateKey: alertsKey(name), nowMs: Date.now(), signal })
      } finally {
        store.close()
      }
    },
    close: async () => {
      await receiver.stop()
      await own.dispose()
    },
  }
}
