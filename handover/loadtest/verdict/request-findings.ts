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
    const ended = summary.thresholds.some(({ ends, met }) => ends && !met)
    return [
      ...summary.thresholds.flatMap((threshold) => findingOf(threshold, ended)),
      ...summary.scenarios.flatMap(({ scenario, target, dropped }) => {
        if (dropped === 0 || ended) return []
        return [`${scenario}, ${target}: ${dropped} iterations could not start, as no virtual user was free in time`]
      }),
    ]
  })
}

/** Where the breaking point was found, what came after it is cut off: then only that it was looked for long enough counts. */
function findingOf({ key, scenario, target, limit, value, met, is, ends }: ThresholdResult, ended: boolean): string[] {
  if (met || ends || key === 'dropped' || (ended && key !== 'requests')) return []
  const what = samples[key]
  if (what === undefined)
    return [`${scenario}, ${target}: ${key} is ${Math.round(value * 100) / 100}, and must be ${is} ${limit}`]
  return [`${scenario}, ${target}: ${value} ${what}, and at least ${limit} are needed for a verdict`]
}
