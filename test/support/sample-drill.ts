import type { DrillRecord } from '../../handover/records/drill-record.ts'

/** The record of a failover that measured nothing yet. */
export const sampleDrill: DrillRecord = {
  ...{
    kind: 'drill',
    name: 'failover',
    format: 1,
    cluster: 'shop',
    definition: '0'.repeat(64),
    ballast: '0.1.0',
    on: 'sandbox',
  },
  ...{ startedAt: '2026-11-27T10:00:00.250Z', endedAt: '2026-11-27T10:01:00.000Z', state: 'complete', restored: true },
  ...{ measurements: [], findings: [], events: [], tables: [] },
}
