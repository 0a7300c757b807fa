import type { LoadRecord } from '../records/load-record.ts'
import type { Measurement, Unit } from '../records/measurement.ts'
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

type Pair = readonly [now: Measurement, before: Measurement]

/** Measurements of the same name and unit; where there are several of a name, the first with the first, and so on. */
export function pairs(now: readonly Measurement[], before: readonly Measurement[]): Pair[] {
  const left = before.filter(({ samples }) => samples > 0)
  return now
    .filter(({ samples }) => samples > 0)
    .flatMap((one): Pair[] => {
      const index = left.findIndex(({ key, unit }) => key === one.key && unit === one.unit)
      const [other] = index < 0 ? [] : left.splice(index, 1)
      return other === undefined ? [] : [[one, other]]
    })
}

/** What both runs have measured, in this one's order. */
export function compareRuns(record: LoadRecord, previous: LoadRecord): Change[] {
  return pairs(record.measurements, previous.measurements).map(([{ key, unit, value: now }, { value: before }]) => {
    return { key, unit, before, now, changePercent: before === 0 ? undefined : (100 * (now - before)) / before }
  })
}
