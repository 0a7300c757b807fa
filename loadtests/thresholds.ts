import type { Goals } from './plan.ts'
import type { Judging, Part } from './scenarios/part.ts'
import { requestsOf } from './shape.ts'
import type { ThresholdKey } from './summary.ts'

/** One condition that k6 judges. */
export interface Threshold {
  key: ThresholdKey
  /** k6's metric with the tags it is narrowed to. */
  metric: string
  /** `p(95)<=200` */
  expression: string
  is: 'at most' | 'at least'
  limit: number
  /** Ends the run once it is missed. */
  ends: boolean
}

/** Of the load that was planned, how much must have come for a verdict; the rest is rounding and what a stop cuts off. */
const enough = 0.95
/** Of a load that is expected to be disturbed. */
const enoughToCount = 0.5
/** How long a part that looks for the breaking point must at least have gone on. */
const shortestSearchSeconds = 10

/** k6's name of a part's scenario, which is a tag of all that it measures. */
export function tagOf({ name, target }: Pick<Part, 'name' | 'target'>): string {
  return `${name}_${target.name}`
}

/** A metric of one part. */
export function metricOf(part: Part, metric: string, onlyRight = false): string {
  return `${metric}{scenario:${tagOf(part)}${onlyRight ? ',expected_response:true' : ''}}`
}

/** How many requests or connections the part plans. */
export function plannedSamples({ load }: Part): number {
  switch (load.kind) {
    case 'rate':
      return requestsOf(load.shape) * load.share
    case 'clients':
      return load.clients * load.times
    case 'sockets':
      return load.sockets
  }
}

/**
 * What k6 judges of a part. k6 passes a threshold that has no samples, so that each set of conditions counts samples too, by
 * counters, which fail at nothing: requests that were made, answers that were right, and answers that were looked at.
 */
export function thresholdsOf(part: Part, goals: Goals): Threshold[] {
  const samples = leastSamples(part)
  const right = atLeastOne(samples * (1 - goals.maxLostPercent / 100) * (goals.minSuccessPercent / 100))
  const judged = atLeastOne(samples * (1 - goals.maxLostPercent / 100))
  const conditions = {
    dropped: count(part, 'dropped', 'dropped_iterations', 'at most', 0),
    lost: share(part, 'lost', 'lost_requests', 'at most', goals.maxLostPercent),
    success: share(part, 'success', 'checks', 'at least', goals.minSuccessPercent),
    p95: latency(part, 'p95', goals.p95Ms),
    p99: latency(part, 'p99', goals.p99Ms),
    requests: count(part, 'requests', 'http_reqs', 'at least', samples),
    judgedAnswers: count(part, 'judgedAnswers', 'judged_answers', 'at least', judged),
    rightAnswers: { ...count(part, 'rightAnswers', 'http_reqs', 'at least', right), metric: metricOf(part, 'http_reqs', true) },
    websockets: count(part, 'websockets', 'sockets_kept', 'at least', plannedSamples(part)),
    neighbourDown: count(part, 'neighbourDown', 'neighbour_down', 'at least', samples),
    neighbourAnswers: count(part, 'neighbourAnswers', 'neighbour_answers', 'at most', 0),
  } satisfies Record<ThresholdKey, Threshold>
  const ends = part.judging === 'limits'
  return judgedBy[part.judging].map((key) => ({ ...conditions[key], ends: ends && goalKeys.includes(key) }))
}

const goalKeys: readonly ThresholdKey[] = ['p95', 'p99', 'success', 'lost', 'dropped']
const sampleKeys: readonly ThresholdKey[] = ['requests', 'judgedAnswers', 'rightAnswers']

const judgedBy: Readonly<Record<Judging, readonly ThresholdKey[]>> = {
  goals: [...goalKeys, ...sampleKeys],
  limits: [...goalKeys, ...sampleKeys],
  answers: ['success', 'lost', ...sampleKeys],
  load: ['dropped', 'requests'],
  counts: ['requests'],
  sockets: ['websockets'],
  down: ['neighbourDown', 'neighbourAnswers'],
}

function leastSamples(part: Part): number {
  const planned = plannedSamples(part)
  if (part.judging === 'counts') return atLeastOne(planned * enoughToCount)
  if (part.judging !== 'limits' || part.load.kind !== 'rate') return atLeastOne(planned * enough)
  return atLeastOne(part.load.shape.startRate * part.load.share * shortestSearchSeconds * enough)
}

function atLeastOne(samples: number): number {
  return Math.max(1, Math.floor(samples))
}

function latency(part: Part, key: 'p95' | 'p99', limit: number): Threshold {
  const metric = metricOf(part, 'http_req_duration', true)
  return { key, metric, expression: `p(${key.slice(1)})<=${limit}`, is: 'at most', limit, ends: false }
}

/** The limit is in percent, k6's rate from 0 to 1. */
function share(part: Part, key: ThresholdKey, metric: string, is: Threshold['is'], percent: number): Threshold {
  const expression = `rate${sign[is]}${Number((percent / 100).toFixed(10))}`
  return { key, metric: metricOf(part, metric), expression, is, limit: percent, ends: false }
}

function count(part: Part, key: ThresholdKey, metric: string, is: Threshold['is'], limit: number): Threshold {
  return { key, metric: metricOf(part, metric), expression: `count${sign[is]}${limit}`, is, limit, ends: false }
}

const sign = { 'at most': '<=', 'at least': '>=' } as const
