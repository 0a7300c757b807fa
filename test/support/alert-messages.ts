import { type AlertMessage, compose } from '../../functions/platform/alerts/compose.ts'
import type { AlertEvent } from '../../functions/platform/alerts/decide.ts'
import type { DeliveryLimits } from '../../functions/platform/alerts/deliver.ts'

/** A channel is not waited for longer than a test likes; the decisions are the same. */
export const quickLimits: DeliveryLimits = { attempts: 3, attemptMs: 1_000, deliveryMs: 4_000, backoffMs: 20 }

/** A critical alert about the replica db-2, in Portuguese. */
export function alertMessage(event: Partial<AlertEvent> = {}): AlertMessage {
  const sinceMs = Date.parse('2026-11-22T06:00:00Z')
  return compose(
    {
      ...{ type: 'raise', key: 'replication-lag/db-2', name: 'replication-lag', subject: 'db-2', severity: 'critical' },
      ...{ summary: '64 MB behind <db-1> & more', hint: 'Look at the network.', sinceMs, atMs: sinceMs, channels: [] },
      ...event,
    },
    { cluster: 'shop', language: 'pt-BR', runbooks: 'https://wiki.example.com/runbooks/' },
  )
}
