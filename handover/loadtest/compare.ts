import type { LoadRecord } from '../records/load-record.ts'
import type { Unit } from '../records/measurement.ts'
import type { RunRecord } from '../records/verdict.ts'

/** One number of two runs. */
export interface Change {
  key: string
  unit: Unit
  before: number
  now: number
  /** Of what it was; undefined where that was 0. */
  changePercent: number | undefined
}

/** The last complete run before this one that can be compared with it: of the same cluster and profile, on the same kind of site. */
export function previousRun(records: readonly RunRecord[], record: LoadRecord): LoadRecord | undefined {
  return records
    .filter((one): one is LoadRecord => one.kind === 'load' && one.state === 'complete')
    .filter(({ cluster, name, on }) => cluster === record.cluster && name === record.name && on === record.on)
    .filter(({ startedAt }) => Date.parse(startedAt) < Date.parse(record.startedAt))
    .toSorted((one, other) => Date.parse(other.startedAt) - Date.parse(one.startedAt))[0]
}

/** What both runs have measured, in this one's order. */
export function compareRuns(record: LoadRecord, previous: LoadRecord): Change[] {
  return record.measurements.flatMap(({ key, unit, value: now }) => {
    const earlier = previous.measurements.find((one) => one.key === key && one.unit === unit)
    if (earlier === undefined) return []
    const before = earlier.value
    return [{ key, unit, before, now, changePercent: before === 0 ? undefined : (100 * (now - before)) / before }]
  })
}
