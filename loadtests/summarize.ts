import type { LoadPlan } from './plan.ts'
import { partsOf } from './profiles.ts'
import type { Part } from './scenarios/part.ts'
import { type LoadSummary, type ScenarioSummary, summaryFormat, type ThresholdResult } from './summary.ts'
import { metricOf, type Threshold, thresholdsOf } from './thresholds.ts'
import { virtualUsersOf } from './virtual-users.ts'

/** What k6 hands to handleSummary, as far as it is read here. */
export interface K6Data {
  metrics: Record<string, K6Metric | undefined>
  state: { testRunDurationMs: number }
}

interface K6Metric {
  values: Partial<Record<string, number>>
  thresholds?: Record<string, { ok: boolean }>
}

/** @throws Error where k6 has not reported a threshold or a metric that it was given. */
export function summarize(data: K6Data, plan: LoadPlan): LoadSummary {
  const parts = partsOf(plan)
  return {
    format: summaryFormat,
    profile: plan.profile,
    seconds: data.state.testRunDurationMs / 1000,
    scenarios: parts.map((part) => scenarioOf(data, part)),
    thresholds: parts.flatMap((part) => thresholdsOf(part, plan.goals).map((one) => resultOf(data, part, one))),
    virtualUsers: virtualUsersOf(parts, plan.limits.virtualUsers).reduce((sum, users) => sum + users, 0),
  }
}

function scenarioOf(data: K6Data, part: Part): ScenarioSummary {
  const of = (metric: string, value: string) => reported(data, metricOf(part, metric), value)
  const isSockets = part.load.kind === 'sockets'
  const requests = isSockets ? of('sockets_tried', 'count') : of('http_reqs', 'count')
  const [checksPassed, checksFailed] = [of('checks', 'passes'), of('checks', 'fails')]
  const good = isSockets ? of('sockets_kept', 'count') : checksPassed
  const latencyMs = latencyOf(data, isSockets ? metricOf(part, 'ws_connecting') : metricOf(part, 'http_req_duration', true))
  return {
    ...{ scenario: part.name, target: part.target.name, requests },
    lost: isSockets ? requests - good : of('lost_requests', 'passes'),
    failed: requests - good,
    dropped: of('dropped_iterations', 'count'),
    ...{ checksPassed, checksFailed },
    ...(latencyMs === undefined ? {} : { latencyMs }),
  }
}

function latencyOf(data: K6Data, metric: string): ScenarioSummary['latencyMs'] {
  if (reported(data, metric, 'count') === 0) return undefined
  const of = (value: string) => reported(data, metric, value)
  return { p50: of('p(50)'), p95: of('p(95)'), p99: of('p(99)'), max: of('max') }
}

function resultOf(data: K6Data, part: Part, { key, metric, expression, is, limit, ends }: Threshold): ThresholdResult {
  const judged = data.metrics[metric]?.thresholds?.[expression]
  if (judged === undefined) throw new Error(`k6 does not say whether ${metric} ${expression} was met`)
  const { value, samples } = observed(data, part, key, metric)
  return { key, scenario: part.name, target: part.target.name, is, limit, value, samples, met: judged.ok, ends }
}

function observed(data: K6Data, part: Part, key: Threshold['key'], metric: string): { value: number; samples: number } {
  const of = (value: string) => reported(data, metric, value)
  const other = (name: string) => reported(data, metricOf(part, name), 'count')
  switch (key) {
    case 'p95':
    case 'p99':
      return { value: of(`p(${key.slice(1)})`), samples: of('count') }
    case 'success':
    case 'lost':
      return { value: of('rate') * 100, samples: of('passes') + of('fails') }
    case 'dropped':
      return { value: of('count'), samples: other('http_reqs') }
    case 'websockets':
      return { value: of('count'), samples: other('sockets_tried') }
    case 'neighbourAnswers':
      return { value: of('count'), samples: other('http_reqs') }
    case 'requests':
    case 'judgedAnswers':
    case 'rightAnswers':
    case 'neighbourDown':
      return { value: of('count'), samples: of('count') }
  }
}

function reported(data: K6Data, metric: string, value: string): number {
  const found = data.metrics[metric]?.values[value]
  if (found === undefined) throw new Error(`k6 reports no ${value} of ${metric}`)
  return found
}
