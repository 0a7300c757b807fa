import { expect, test } from 'vitest'
import type { LoadProfile } from '../../../../config/load-profiles.ts'
import { compareRuns, previousRun } from '../../../../handover/loadtest/compare.ts'
import { judgedGoals } from '../../../../handover/loadtest/goals.ts'
import { plannedRequests } from '../../../../handover/loadtest/requests/planned-requests.ts'
import { pgbenchMeasurements, seriesMeasurements } from '../../../../handover/loadtest/verdict/database-measurements.ts'
import { requestFindings } from '../../../../handover/loadtest/verdict/request-findings.ts'
import {
  brokenGoals,
  type RequestRun,
  requestMeasurements,
} from '../../../../handover/loadtest/verdict/request-measurements.ts'
import { saturation } from '../../../../handover/loadtest/verdict/saturation.ts'
import type { LoadPoint, LoadRecord, PgbenchResult } from '../../../../handover/records/load-record.ts'
import { isMet, type Measurement } from '../../../../handover/records/measurement.ts'
import type { ScenarioSummary, ThresholdResult } from '../../../../loadtests/summary.ts'
import { sampleCluster } from '../../../support/clusters.ts'

const { loadtests, postgres } = sampleCluster()
const goals = judgedGoals(loadtests.goals)
const targets = [
  { name: 'entries', url: 'http://127.0.0.1:1/entries' },
  { name: 'daily', url: 'http://127.0.0.1:1/daily' },
]

const threshold = (key: ThresholdResult['key'], more: Partial<ThresholdResult> = {}): ThresholdResult => ({
  ...{
    key,
    scenario: 'expectedLoad',
    target: 'entries',
    is: 'at most',
    limit: 200,
    value: 100,
    samples: 600,
    met: true,
    ends: false,
  },
  ...more,
})
const counted = (more: Partial<ScenarioSummary> = {}): ScenarioSummary => ({
  ...{
    scenario: 'expectedLoad',
    target: 'entries',
    requests: 600,
    lost: 0,
    failed: 0,
    dropped: 0,
    checksPassed: 600,
    checksFailed: 0,
  },
  ...more,
})
const run = (profile: LoadProfile, thresholds: ThresholdResult[], scenarios = [counted()], seconds = 14): RequestRun => ({
  plan: plannedRequests({ profile, loadtests, goals: goals.goals, targets }),
  summary: { format: 1, profile, seconds, scenarios, thresholds, virtualUsers: 100 },
})
const of = (measurements: readonly Measurement[], key: string) => measurements.find((one) => one.key === key)

test('of all targets the worst is shown, with the limit and where it stands', () => {
  const measurements = requestMeasurements(
    [run('smoke', [threshold('p95', { value: 90 }), threshold('p95', { target: 'daily', value: 120, samples: 300 })])],
    goals,
  )
  expect(of(measurements, 'p95')).toEqual({
    ...{ key: 'p95', value: 120, unit: 'ms', samples: 300 },
    limit: { is: 'at most', value: 200, from: 'loadtests.goals.p95' },
  })
  const success = [99.5, 100].map((value) => threshold('success', { is: 'at least', limit: 99.9, value }))
  expect(of(requestMeasurements([run('smoke', success)], goals), 'success')).toMatchObject({ value: 99.5 })
})

test('a target without a sample is the worst, whatever its number', () => {
  const nothing = threshold('p95', { target: 'daily', value: 0, samples: 0 })
  const measurement = of(requestMeasurements([run('smoke', [threshold('p95'), nothing])], goals), 'p95')
  expect(measurement).toMatchObject({ value: 0, samples: 0 })
  expect(measurement && isMet(measurement)).toBe(false)
})

test('the rate that was answered right is the share of all requests that were due', () => {
  const scenarios = [counted({ requests: 300, failed: 15 }), counted({ target: 'daily', requests: 280, dropped: 20 })]
  const rate = of(requestMeasurements([run('smoke', [], scenarios)], goals), 'answeredRate')
  expect(rate).toMatchObject({ value: (50 * 565) / 600, samples: 600, limit: { is: 'at least', from: 'loadtests.goals.rate' } })
  expect(rate?.limit?.value).toBeCloseTo(50 * 0.95 * 0.999)
  expect(rate && isMet(rate)).toBe(false)
  const none = of(requestMeasurements([run('smoke', [], [counted({ requests: 0 })])], goals), 'answeredRate')
  expect(none).toMatchObject({ value: 0, samples: 0 })
})

test('where it breaks: the rate at that moment, and the goals that end the search are not missed goals', () => {
  const missed = threshold('p95', { scenario: 'breakpoint', value: 900, met: false, ends: true })
  const broken = run('breakpoint', [missed], [counted({ scenario: 'breakpoint', dropped: 40 })], 150)
  const measurements = requestMeasurements([broken], goals)
  expect(of(measurements, 'breakpointRate')).toMatchObject({ value: 50 + (950 * 150) / 300, limit: { value: 50 } })
  expect(of(measurements, 'p95')).toBeUndefined()
  expect(of(measurements, 'dropped')).toBeUndefined()
  expect(requestFindings([broken])).toEqual([])
  expect(brokenGoals(broken)).toEqual(['entries: p95'])
})

test('what must not be: requests that could not start, answers of a service that is down, websockets that were lost', () => {
  const thresholds = [
    threshold('dropped', { limit: 0, value: 3, met: false }),
    threshold('neighbourAnswers', { scenario: 'neighbour', limit: 0, value: 1, met: false }),
    threshold('websockets', { scenario: 'websockets', is: 'at least', limit: 100, value: 99, samples: 100, met: false }),
  ]
  const measurements = requestMeasurements([run('smoke', thresholds)], goals)
  expect(['dropped', 'neighbourAnswers', 'websockets'].map((key) => of(measurements, key))).toMatchObject([
    { value: 3, limit: { is: 'exactly', value: 0 } },
    { value: 1, limit: { is: 'exactly', value: 0 } },
    { value: 99, limit: { is: 'at least', value: 100, from: 'loadtests.goals.websockets' } },
  ])
})

test('too few samples, goals that k6 saw missed and requests that could not start are findings', () => {
  const thresholds = [
    threshold('requests', { is: 'at least', limit: 285, value: 12, met: false }),
    threshold('rightAnswers', { is: 'at least', limit: 270, value: 12, met: false }),
    threshold('judgedAnswers', { is: 'at least', limit: 270, value: 300 }),
    threshold('rightAnswers', { target: 'daily', is: 'at least', limit: 270, value: 200, met: false }),
    threshold('p99', { limit: 500, value: 612.3456, met: false }),
    threshold('dropped', { limit: 0, value: 5, met: false }),
  ]
  expect(requestFindings([run('smoke', thresholds, [counted({ dropped: 5 })])])).toEqual([
    'expectedLoad, entries: 12 requests were made, and at least 285 are needed for a verdict',
    'expectedLoad, daily: 200 answers were right, and at least 270 are needed for a verdict',
    'expectedLoad, entries: p99 is 612.35, and must be at most 500',
    'expectedLoad, entries: 5 iterations could not start, as no virtual user was free in time',
  ])
})

const result = (more: Partial<PgbenchResult> = {}): PgbenchResult => ({
  ...{ through: 'pooler', protocol: 'simple', clients: 200, seconds: 3, transactions: 900, failed: 0, late: 0, skipped: 0 },
  ...{ transactionsPerSecond: 300, latencyMs: { average: 10, stddev: 1 } },
  ...more,
})

test('of pgbench nothing may fail; what is skipped counts where there is a rate', () => {
  const results = [result({ failed: 1, late: 90 }), result({ through: 'direct', skipped: 100, transactionsPerSecond: 500 })]
  const free = pgbenchMeasurements(results, loadtests.pgbench, goals)
  expect(of(free, 'pgbenchFailed')).toMatchObject({ value: 1, samples: 1801, limit: { is: 'exactly', value: 0 } })
  expect(of(free, 'pgbenchLost')).toBeUndefined()
  expect(of(free, 'pgbenchLate')).toMatchObject({ value: (100 * 90) / 1801 })
  expect([of(free, 'poolerRate')?.value, of(free, 'directRate')?.value]).toEqual([300, 500])
  const rated = pgbenchMeasurements(results, { ...loadtests.pgbench, ratePerSecond: 500 }, goals)
  expect(of(rated, 'pgbenchLost')).toMatchObject({
    value: (100 * 101) / 1901,
    limit: { value: 5, from: 'loadtests.goals.maxLost' },
  })
  expect(pgbenchMeasurements([], loadtests.pgbench, goals)).toEqual([])
})

test('samples: the largest, and of processors the mean; the pooler must leave the connections that are reserved', () => {
  const points = [
    { atMs: 1000, serverConnections: 90, longestWaitMs: 3, cpuPercent: 20, generatorCpuPercent: 10 },
    { atMs: 2000, serverConnections: 20, cpuPercent: 40, generatorCpuPercent: 0 },
  ]
  const measurements = seriesMeasurements(points, postgres)
  const connections = of(measurements, 'serverConnections')
  expect(connections).toMatchObject({
    value: 90,
    samples: 2,
    limit: { is: 'at most', value: 85, from: 'postgres.maxConnections' },
  })
  expect(connections && isMet(connections)).toBe(false)
  expect(of(measurements, 'longestWait')).toMatchObject({ value: 3, samples: 1 })
  expect([of(measurements, 'cpu')?.value, of(measurements, 'generatorCpu')?.value]).toEqual([30, 5])
  expect(of(measurements, 'lagBytes')).toBeUndefined()
})

const busy = (count: number, cpuPercent: number, generatorCpuPercent: number): LoadPoint[] =>
  Array.from({ length: count }, (_, index) => ({ atMs: index * 1000, cpuPercent, generatorCpuPercent }))

test.each([
  ['a busy machine of its own', [...busy(5, 95, 10), ...busy(20, 30, 5)], false, true],
  ['a busy machine that the system shares', [...busy(5, 95, 10), ...busy(20, 30, 5)], true, false],
  ['generators that take half of what is busy', [...busy(5, 96, 48), ...busy(20, 30, 5)], true, true],
  ['four seconds', [...busy(4, 99, 99), ...busy(20, 30, 5)], false, false],
  ['less than a tenth', [...busy(5, 99, 99), ...busy(60, 30, 5)], false, false],
  ['just 90 %', busy(20, 90, 90), false, false],
  ['nothing known', [{ atMs: 1000 }], false, false],
])('%s: whether the generator was the limit', (_what, points, shares, is) => {
  expect(saturation(points, shares).length > 0).toBe(is)
})

const record = (startedAt: string, more: Partial<LoadRecord> = {}): LoadRecord => ({
  ...{ kind: 'load', name: 'smoke', format: 1, cluster: 'shop', definition: '0'.repeat(64), ballast: '1', on: 'cluster' },
  ...{ startedAt, endedAt: startedAt, state: 'complete', measurements: [], findings: [], events: [], tables: [] },
  ...{ plan: { seconds: 1, virtualUsers: 1 }, scenarios: [], pgbench: [], points: [], tools: {} },
  ...more,
})
const day = (of: number) => `2026-11-${String(of).padStart(2, '0')}T10:00:00.000Z`

test('the run before is the last complete one of the same profile, cluster and kind of site', () => {
  const earlier = [
    record(day(1)),
    record(day(2)),
    record(day(3), { state: 'interrupted' }),
    record(day(4), { on: 'sandbox' }),
    record(day(5), { name: 'stress' }),
    record(day(6), { cluster: 'other' }),
    record(day(9)),
  ]
  expect(previousRun(earlier, record(day(8)))?.startedAt).toBe(day(2))
  expect(previousRun([], record(day(8)))).toBeUndefined()
})

test('changes are in percent of what was, where that was something', () => {
  const measured = (p95: number, lost: number, more: Measurement[] = []) => [
    ...([
      { key: 'p95', value: p95, unit: 'ms', samples: 1 },
      { key: 'lost', value: lost, unit: '%', samples: 1 },
    ] as const),
    ...more,
  ]
  const before = record(day(1), { measurements: measured(100, 0) })
  const now = record(day(2), { measurements: measured(125, 2, [{ key: 'cpu', value: 5, unit: '%', samples: 1 }]) })
  expect(compareRuns(now, before)).toEqual([
    { key: 'p95', unit: 'ms', before: 100, now: 125, changePercent: 25 },
    { key: 'lost', unit: '%', before: 0, now: 2, changePercent: undefined },
  ])
})
