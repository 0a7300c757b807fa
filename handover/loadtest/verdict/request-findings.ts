import type { ThresholdKey, ThresholdResult } from '../../../loadtests/summary.ts'
import type { RequestRun } from './request-measurements.ts'

/** Conditions that count samples: what they are about. Without enough of them, goals are met by nothing. */
const samples: Partial<Record<ThresholdKey, string>> = {
  requests: 'requests were made',
  judgedAnswers: 'answers were looked at',
  rightAnswers: 'answers were right',
  neighbourDown: 'requests found the service down that was stopped',
}

/** What is wrong with runs of k6 beside the goals: too few samples, iterations that could not start, goals that k6 saw missed. */
export function requestFindings(runs: readonly RequestRun[]): string[] {
  return runs.flatMap(({ summary }) => {
    const broken = summary.thresholds.some(({ ends, met }) => ends && !met)
    const missed = summary.thresholds.filter((one) => isFinding(one, broken))
    return [
      ...missed.filter((one, index) => !isTold(one, missed.slice(0, index))).map(findingOf),
      ...summary.scenarios.flatMap(({ scenario, target, dropped }) => {
        if (dropped === 0 || broken) return []
        return [`${scenario}, ${target}: ${dropped} iterations could not start, as no virtual user was free in time`]
      }),
    ]
  })
}

/** Where the breaking point was found, what came after it is cut off: then only that it was looked for long enough counts. */
function isFinding({ key, met, ends }: ThresholdResult, broken: boolean): boolean {
  return !met && !ends && key !== 'dropped' && (!broken || key === 'requests')
}

/** Too few requests are too few answers as well: said once. */
function isTold({ key, scenario, target }: ThresholdResult, earlier: readonly ThresholdResult[]): boolean {
  const isSame = (one: ThresholdResult) => one.scenario === scenario && one.target === target
  return samples[key] !== undefined && earlier.some((one) => isSame(one) && samples[one.key] !== undefined)
}

function findingOf({ key, scenario, target, limit, value, is }: ThresholdResult): string {
  const what = samples[key]
  if (what === undefined)
    return `${scenario}, ${target}: ${key} is ${Math.round(value * 100) / 100}, and must be ${is} ${limit}`
  return `${scenario}, ${target}: ${value} ${what}, and at least ${limit} are needed for a verdict`
}
