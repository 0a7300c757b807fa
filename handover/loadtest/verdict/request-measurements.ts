import type { LoadPlan } from '../../../loadtests/plan.ts'
import { partsOf } from '../../../loadtests/profiles.ts'
import type { Part } from '../../../loadtests/scenarios/part.ts'
import { peakOf, type Shape } from '../../../loadtests/shape.ts'
import type { LoadSummary, ThresholdResult } from '../../../loadtests/summary.ts'
import { isMet, type Measurement } from '../../records/measurement.ts'
import { type GoalName, type JudgedGoals, leastAnswered } from '../goals.ts'
import type { LoadMeasurement } from '../keys.ts'

/** A run of k6 to its end. */
export interface RequestRun {
  plan: LoadPlan
  summary: LoadSummary
}

/** Goals that k6 judges part by part, and what records call what is measured. */
const judged = {
  p95: { goal: 'p95', unit: 'ms' },
  p99: { goal: 'p99', unit: 'ms' },
  success: { goal: 'minSuccess', unit: '%' },
  lost: { goal: 'maxLost', unit: '%' },
} as const satisfies Partial<Record<ThresholdResult['key'], { goal: GoalName; unit: Measurement['unit'] }>>

/** What requests and websockets were like: of all parts and targets that are judged, the worst. */
export function requestMeasurements(runs: readonly RequestRun[], goals: JudgedGoals): Measurement[] {
  const thresholds = runs.flatMap(({ summary }) => summary.thresholds)
  const keys = Object.keys(judged) as (keyof typeof judged)[]
  return [
    ...runs.slice(0, 1).flatMap((run) => [...answeredRate(run, goals), ...breakpointRate(run, goals)]),
    ...keys.flatMap((key) => worst(thresholds, key, goals)),
    ...counted(thresholds, 'dropped', 'k6'),
    ...counted(thresholds, 'neighbourAnswers', 'k6'),
    ...keptSockets(thresholds, goals),
  ]
}

/** The worst of those that do not look for the breaking point: there they are missed on purpose. */
function worst(thresholds: readonly ThresholdResult[], key: keyof typeof judged, goals: JudgedGoals): Measurement[] {
  const { goal, unit } = judged[key]
  const all = thresholds
    .filter((one) => one.key === key && !one.ends)
    .map(({ value, samples, is, limit }): Measurement => {
      return { key, value, unit, samples, limit: { is, value: limit, from: goals.from[goal] } }
    })
  const sign = key === 'success' ? 1 : -1
  const sorted = all.toSorted((one, other) => sign * (one.value - other.value))
  // Without a sample, the best of values says nothing.
  const shown = sorted.find((one) => isMet(one) === false) ?? sorted[0]
  return shown === undefined ? [] : [shown]
}

/** Of the requests that were due, those that were answered right, at the rate of the first scenario that the goals judge. */
function answeredRate({ plan, summary }: RequestRun, { goals, from }: JudgedGoals): Measurement[] {
  const part = partsOf(plan).find(({ judging }) => judging === 'goals')
  const shape = part === undefined ? undefined : shapeOf(part)
  if (part === undefined || shape === undefined) return []
  const own = summary.scenarios.filter(({ scenario }) => scenario === part.name)
  const due = own.reduce((sum, { requests, dropped }) => sum + requests + dropped, 0)
  const right = own.reduce((sum, { requests, failed }) => sum + requests - failed, 0)
  const rate = peakOf(shape)
  const source =
    part.name === 'peak' && plan.profiles.stressRatePerSecond !== undefined ? 'loadtests.profiles.stressRate' : from.rate
  return [
    {
      ...measured('answeredRate', due === 0 ? 0 : (rate * right) / due, '/s', due),
      limit: { is: 'at least', value: leastAnswered(rate, goals), from: source },
    },
  ]
}

/** The rate that was planned for the moment at which the first goal was missed, or for the end. */
function breakpointRate({ plan, summary }: RequestRun, { goals, from }: JudgedGoals): Measurement[] {
  const part = partsOf(plan).find(({ judging }) => judging === 'limits')
  const shape = part === undefined ? undefined : shapeOf(part)
  if (shape === undefined) return []
  const samples = summary.scenarios.reduce((sum, { requests }) => sum + requests, 0)
  const limit = { is: 'at least', value: goals.ratePerSecond, from: from.rate } as const
  return [{ ...measured('breakpointRate', rateAt(shape, summary.seconds), '/s', samples), limit }]
}

/** The goals whose miss ended the search for the breaking point, with the target that missed them; none where it held. */
export function brokenGoals({ summary }: RequestRun): string[] {
  return summary.thresholds.flatMap(({ ends, met, key, target }) => (ends && !met ? [`${target}: ${key}`] : []))
}

function rateAt({ startRate, stages }: Shape, seconds: number): number {
  let [before, began] = [startRate, 0]
  for (const stage of stages) {
    if (seconds < began + stage.seconds) return before + ((stage.rate - before) * (seconds - began)) / stage.seconds
    began += stage.seconds
    before = stage.rate
  }
  return before
}

function shapeOf({ load }: Part): Shape | undefined {
  return load.kind === 'rate' ? load.shape : undefined
}

/** Counts of which none may be: iterations that could not be started, answers of a service that is down. */
function counted(thresholds: readonly ThresholdResult[], key: 'dropped' | 'neighbourAnswers', from: string): Measurement[] {
  const own = thresholds.filter((one) => one.key === key && !one.ends)
  if (own.length === 0) return []
  const value = own.reduce((sum, one) => sum + one.value, 0)
  const samples = own.reduce((sum, one) => sum + one.samples, 0)
  return [{ ...measured(key, value, 'count', samples), limit: { is: 'exactly', value: 0, from } }]
}

/** All targets together; where one of them has an equal share, that is what must be kept of it. */
function keptSockets(thresholds: readonly ThresholdResult[], { from }: JudgedGoals): Measurement[] {
  const own = thresholds.filter(({ key }) => key === 'websockets')
  if (own.length === 0) return []
  const sum = (field: 'value' | 'samples' | 'limit') => own.reduce((total, one) => total + one[field], 0)
  const limit = { is: 'at least', value: sum('limit'), from: from.websockets } as const
  return [{ ...measured('websockets', sum('value'), 'count', sum('samples')), limit }]
}

function measured(key: LoadMeasurement, value: number, unit: Measurement['unit'], samples: number): Measurement {
  return { key, value, unit, samples }
}
