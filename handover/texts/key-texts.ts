import type { DrillColumn, DrillEvent, DrillMeasurement, DrillTable } from '../drills/keys.ts'
import type { LoadColumn, LoadEvent, LoadMeasurement, LoadScenario, LoadTable } from '../loadtest/keys.ts'

/** A measurement: what it is called, and how it was taken. */
export interface MeasurementText {
  name: string
  how: string
}

/** Words that drills write into cells. */
export type ValueKey =
  | ('accepted' | 'backup' | 'backupMidway' | 'before' | 'bothGood' | 'closed' | 'definition' | 'direct' | 'equal')
  | ('expiredRole' | 'firstClosed' | 'freshness' | 'letIn' | 'list' | 'moving' | 'noPassword' | 'open' | 'pooler')
  | ('refused' | 'replicationRole' | 'rightPassword' | 'roleWithoutPassword' | 'server' | 'succeeded' | 'superuser')
  | ('admin' | 'app' | 'monitor' | 'replica' | 'stranger')
  | ('unknownRole' | 'unreachable' | 'withoutTls' | 'wrongPassword')

/** A text for every key that records may hold, and for no other. */
export interface KeyTexts {
  measurements: Record<DrillMeasurement | LoadMeasurement, MeasurementText>
  events: Record<DrillEvent | LoadEvent, string>
  tables: Record<DrillTable | LoadTable, string>
  columns: Record<DrillColumn | LoadColumn, string>
  /** Words in the cells of tables and beside events; everything else there is shown as it is. */
  values: Record<ValueKey, string>
  /** Each asks something of the system. */
  scenarios: Record<LoadScenario, string>
}
