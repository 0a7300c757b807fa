import type { LoadPlan } from './plan.ts'
import { partsOf } from './profiles.ts'
import { requestTimeoutSeconds } from './request-timeout.ts'
import type { Part } from './scenarios/part.ts'
import { metricOf, tagOf, thresholdsOf } from './thresholds.ts'
import { virtualUsersOf } from './virtual-users.ts'

/** Rates are given to k6 as whole numbers: of requests within a minute times the number of targets. */
const rateUnitSeconds = 60
/** A look for the breaking point does not end by the first requests, which also open connections. */
const warmUp = '10s'

/** k6's options, as far as the plan decides them. */
export interface PlannedOptions {
  scenarios: Record<string, PlannedScenario>
  thresholds: Record<string, PlannedThreshold[]>
}

interface PlannedThreshold {
  threshold: string
  abortOnFail: boolean
  delayAbortEval?: string
}

interface Common {
  exec: 'sendRequests' | 'holdSockets' | 'probeNeighbour'
  startTime: string
  gracefulStop: string
}

interface ArrivalRate extends Common {
  timeUnit: string
  preAllocatedVUs: number
  maxVUs: number
}

export type PlannedScenario =
  | (ArrivalRate & { executor: 'constant-arrival-rate'; rate: number; duration: string })
  | (ArrivalRate & { executor: 'ramping-arrival-rate'; startRate: number; stages: { duration: string; target: number }[] })
  | (Common & { executor: 'per-vu-iterations'; vus: number; iterations: number; maxDuration: string })

/** @throws Error that says what is wrong with the plan. */
export function optionsOf(plan: LoadPlan): PlannedOptions {
  const parts = partsOf(plan)
  const users = virtualUsersOf(parts, plan.limits.virtualUsers)
  const scenarios = parts.map((part, index) => [tagOf(part), scenarioOf(part, users[index] ?? 0)])
  return { scenarios: Object.fromEntries(scenarios), thresholds: allThresholds(parts, plan) }
}

/** Metrics that the summary reads: k6 counts by tag only what a threshold names, be it an empty one. */
export function summarizedMetrics(part: Part): string[] {
  const names = ['http_reqs', 'lost_requests', 'dropped_iterations', 'checks', 'sockets_tried', 'sockets_kept', 'ws_connecting']
  return [
    ...names.map((name) => metricOf(part, name)),
    metricOf(part, 'http_reqs', true),
    metricOf(part, 'http_req_duration', true),
  ]
}

function allThresholds(parts: readonly Part[], plan: LoadPlan): Record<string, PlannedThreshold[]> {
  const all: Record<string, PlannedThreshold[]> = {}
  for (const part of parts) {
    for (const metric of summarizedMetrics(part)) all[metric] = []
    for (const { metric, expression, ends } of thresholdsOf(part, plan.goals)) {
      all[metric] ??= []
      all[metric].push({ threshold: expression, abortOnFail: ends, ...(ends ? { delayAbortEval: warmUp } : {}) })
    }
  }
  return all
}

function scenarioOf(part: Part, users: number): PlannedScenario {
  const { load } = part
  const common: Common = { exec: flowOf(part), startTime: `${part.startSeconds}s`, gracefulStop: `${requestTimeoutSeconds}s` }
  if (load.kind === 'clients') {
    const bounds = { iterations: load.times, maxDuration: `${load.withinSeconds}s` }
    return { ...common, executor: 'per-vu-iterations', vus: users, ...bounds }
  }
  if (load.kind === 'sockets') {
    const maxDuration = `${load.seconds + requestTimeoutSeconds}s`
    return { ...common, executor: 'per-vu-iterations', vus: users, iterations: 1, maxDuration }
  }
  const unit = Math.round(rateUnitSeconds / load.share)
  const rateOf = (rate: number) => Math.round(rate * rateUnitSeconds)
  const paced: ArrivalRate = { ...common, timeUnit: `${unit}s`, preAllocatedVUs: users, maxVUs: users }
  const { startRate, stages } = load.shape
  const [first] = stages
  if (stages.length === 1 && first?.rate === startRate) {
    return { ...paced, executor: 'constant-arrival-rate', rate: rateOf(startRate), duration: `${first.seconds}s` }
  }
  const ramps = stages.map(({ seconds, rate }) => ({ duration: `${seconds}s`, target: rateOf(rate) }))
  return { ...paced, executor: 'ramping-arrival-rate', startRate: rateOf(startRate), stages: ramps }
}

function flowOf({ load, judging }: Part): Common['exec'] {
  if (judging === 'down') return 'probeNeighbour'
  return load.kind === 'sockets' ? 'holdSockets' : 'sendRequests'
}
