import { isMet, type Measurement, type Unit } from '../../records/measurement.ts'
import type { RunRecord } from '../../records/verdict.ts'
import type { Goal } from './goals.ts'

/** Why a goal is neither met nor missed. */
export type UnprovenReason =
  /** No record about this definition came to a result. */
  | 'notRun'
  /** The test ran, and measured nothing with this goal as its limit. */
  | 'notMeasured'
  /** The measured value is within the goal, but something else in that run was wrong, so that it proves nothing. */
  | 'void'

/** A goal and what is known of it. */
export interface JudgedGoal extends Goal {
  state: 'passed' | 'failed' | 'not run' | 'not proven'
  reason?: UnprovenReason
  /** In the goal's unit; the worst, where several were measured. */
  measured?: number
  /** Key of the measurement that it was, where several were measured. */
  measurement?: string
  samples?: number
  /** How far on the good side of the target, in the goal's unit; negative where it is missed. */
  margin?: number
}

/**
 * Judges a goal by the record that counts for its test.
 *
 * @param isProof whether that record can prove anything: complete, with nothing found, under the load that was promised.
 */
export function judgeGoal(goal: Goal, record: RunRecord | undefined, isProof: boolean): JudgedGoal {
  if (record === undefined) return { ...goal, state: 'not run', reason: 'notRun' }
  const candidates = record.measurements
    .filter(({ limit }) => limit?.from === goal.path)
    .flatMap((one) => inUnit(one, goal.unit) ?? [])
    .filter(({ samples, value }) => samples > 0 && Number.isFinite(value))
  const [worst] = candidates.toSorted((a, b) => marginOf(goal, a.value) - marginOf(goal, b.value))
  if (worst === undefined) return { ...goal, state: 'not proven', reason: 'notMeasured' }
  const { value: measured, samples } = worst
  const named = candidates.length > 1 ? { measurement: worst.key } : {}
  const found = { ...goal, measured, ...named, samples, margin: marginOf(goal, measured) }
  // The limit in the record may have been set on the command line; what was promised is the definition's.
  const met = isMet({ ...worst, limit: { is: goal.is, value: goal.target, from: goal.path } })
  if (!met) return { ...found, state: 'failed' }
  return isProof ? { ...found, state: 'passed' } : { ...found, state: 'not proven', reason: 'void' }
}

function marginOf({ is, target }: Goal, value: number): number {
  return is === 'at least' ? value - target : target - value
}

const factors: Partial<Record<`${Unit} ${Unit}`, number>> = { 's ms': 1000, 'ms s': 0.001 }

/** The measurement in another unit; undefined where the two do not measure the same. */
function inUnit(measurement: Measurement, unit: Unit): Measurement | undefined {
  if (measurement.unit === unit) return measurement
  const factor = factors[`${measurement.unit} ${unit}`]
  return factor === undefined ? undefined : { ...measurement, value: measurement.value * factor, unit }
}
