import type { AlertRules } from '../../functions/platform/alerts/hysteresis.ts'
import type { Observation } from '../../functions/platform/alerts/observation.ts'

/** Two bad polls of three, reminded of every hour. */
export const twoOfThree: AlertRules = { raiseAfter: 2, outOf: 3, remindEverySeconds: 3600, recovery: true }

/** What a poll found of the replica db-2: well, bad as a warning, or bad and critical. */
export function observed(what: 'well' | 'warning' | 'critical', more: Partial<Observation> = {}): Observation {
  const well = what === 'well'
  return {
    ...{ key: 'replication-lag/db-2', name: 'replication-lag', subject: 'db-2', well },
    severity: what === 'critical' ? 'critical' : 'warning',
    summary: well ? '0 bytes behind' : `64 MB behind (${what})`,
    hint: 'Look at the network between the two.',
    ...more,
  }
}
