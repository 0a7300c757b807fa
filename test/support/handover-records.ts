import cluster from '../../ballast.config.ts'
import type { Drill } from '../../config/drills.ts'
import { definitionHash } from '../../config/hash.ts'
import type { LoadProfile } from '../../config/load-profiles.ts'
import type { DrillRecord } from '../../handover/records/drill-record.ts'
import type { LoadPoint, LoadRecord } from '../../handover/records/load-record.ts'
import type { Limit, Measurement, Unit } from '../../handover/records/measurement.ts'

/** The reference cluster, which these records are about. */
export const handoverCluster = cluster
export const handoverDefinition = definitionHash(cluster)
/** A commit, and a definition, that are other ones. */
const commit = '4be1f0c5a2d94c1f8e6b7a903d5c2e1f7a6b8c9d'
export const otherDefinition = 'd'.repeat(64)

/** Monday, 23 November 2026, 09:00 in São Paulo. */
const firstMs = Date.parse('2026-11-23T12:00:00Z')
const minuteMs = 60_000

/** A measurement; `limit` is how it is judged, its value and where that stands. */
export function measured(
  key: string,
  value: number,
  unit: Unit,
  samples: number,
  limit?: readonly [is: Limit['is'], value: number, from: string],
): Measurement {
  const [is, most, from] = limit ?? []
  return {
    ...{ key, value, unit, samples },
    ...(is === undefined || most === undefined || from === undefined ? {} : { limit: { is, value: most, from } }),
  }
}

function facts(minute: number, seconds: number): Omit<DrillRecord, 'kind' | 'name' | 'restored'> {
  const startedMs = firstMs + minute * minuteMs
  return {
    format: 1,
    cluster: cluster.name,
    definition: handoverDefinition,
    commit,
    ballast: '0.1.0',
    on: 'cluster',
    startedAt: new Date(startedMs).toISOString(),
    endedAt: new Date(startedMs + seconds * 1000).toISOString(),
    state: 'complete',
    measurements: [],
    findings: [],
    events: [],
    tables: [],
  }
}

/** A drill that begins so many minutes after the first one; one that measures something with a limit passes. */
export function drillRecord(name: Drill, minute: number, changed: Partial<DrillRecord> = {}, seconds = 60): DrillRecord {
  const passing = [measured('clientErrors', 0, 'count', 200, ['exactly', 0, 'drill'])]
  return { kind: 'drill', name, ...facts(minute, seconds), measurements: passing, restored: true, ...changed }
}

/** A load test that begins so many minutes after the first one. */
export function loadRecord(name: LoadProfile, minute: number, changed: Partial<LoadRecord> = {}, seconds = 660): LoadRecord {
  return {
    ...{ kind: 'load', name, ...facts(minute, seconds), measurements: expectedLoad() },
    plan: { ratePerSecond: 50, plateauSeconds: seconds - 60, seconds, virtualUsers: 120 },
    scenarios: [
      scenario('expectedLoad', 'entries', 15_012),
      scenario('expectedLoad', 'consolidation', 15_009),
      { ...scenario('poolHolds', 'entries', 2_000), latencyMs: { p50: 38.2, p95: 141.7, p99: 188.4, max: 241 } },
    ],
    pgbench: [
      { ...pgbenchRun, through: 'pooler', protocol: 'prepared', transactions: 118_204, transactionsPerSecond: 1_970.1 },
      { ...pgbenchRun, through: 'pooler', protocol: 'simple', transactions: 96_511, transactionsPerSecond: 1_608.5 },
      {
        ...pgbenchRun,
        through: 'direct',
        protocol: 'prepared',
        transactions: 121_870,
        transactionsPerSecond: 2_031.2,
        late: 41,
      },
    ],
    points: pointsOf(seconds),
    tools: { k6: '1.8.1', pgbench: '17.6' },
    ...changed,
  }
}

const pgbenchRun = { clients: 200, seconds: 60, failed: 0, late: 122, skipped: 0, latencyMs: { average: 48.3, stddev: 21.9 } }

function scenario(name: string, target: string, requests: number): LoadRecord['scenarios'][number] {
  return {
    ...{ name, target, requests, failed: 3, dropped: 0, checksPassed: requests - 3, checksFailed: 3 },
    latencyMs: { p50: 21.4, p95: 88.6, p99: 171.2, max: 402.8 },
  }
}

/** What a load test at the expected rate measures; every goal is met, unless the values say otherwise. */
export function expectedLoad(values: { p95?: number; websockets?: number; rate?: number } = {}): Measurement[] {
  const { p95 = 88.6, websockets = 100, rate = 49.98 } = values
  const goal = (name: string) => `loadtests.goals.${name}`
  return [
    measured('answeredRate', rate, '/s', 30_024, ['at least', 50 * (1 - 5 / 100) * (99.9 / 100), goal('rate')]),
    measured('p95', p95, 'ms', 30_021, ['at most', 200, goal('p95')]),
    measured('p99', 171.2, 'ms', 30_021, ['at most', 500, goal('p99')]),
    measured('success', 99.98, '%', 30_021, ['at least', 99.9, goal('minSuccess')]),
    measured('lost', 0.02, '%', 30_024, ['at most', 5, goal('maxLost')]),
    measured('dropped', 0, 'count', 30_024, ['exactly', 0, 'k6']),
    measured('websockets', websockets, 'count', 100, ['at least', 100, goal('websockets')]),
    measured('pgbenchFailed', 0, 'count', 336_585, ['exactly', 0, 'loadtests.pgbench']),
    measured('serverConnections', 48, 'count', 660, ['at most', 85, 'postgres.maxConnections']),
    measured('longestWait', 142, 'ms', 660),
    measured('lagTime', 310, 'ms', 660),
    measured('generatorCpu', 11.4, '%', 660),
  ]
}

/** A number from 0 to 1 that looks random and is always the same. */
function noise(step: number): number {
  const value = Math.sin(step * 12.9898) * 43_758.5453
  return value - Math.floor(value)
}

/** Two seconds to a step: up to the rate in the first eighth, down in the last, and a moment of trouble in the middle. */
export function pointsOf(seconds: number, rate = 50): LoadPoint[] {
  const count = Math.floor(seconds / 2)
  return Array.from({ length: count }, (_, index) => {
    const share = index / count
    const load = Math.min(1, share * 8, (1 - share) * 8)
    const trouble = Math.exp(-(((share - 0.55) * 40) ** 2))
    const p50Ms = 12 + 9 * load + 3 * noise(index) + 22 * trouble
    return {
      atMs: (index + 1) * 2000,
      ...{ requestsPerSecond: load * rate * (0.98 + 0.04 * noise(index + 7)) * (1 - 0.1 * trouble) },
      ...{ failedPerSecond: trouble > 0.8 ? 0.5 : 0, p50Ms },
      ...{ p95Ms: p50Ms * (2.6 + noise(index + 3)) + 60 * trouble, p99Ms: p50Ms * (4 + 3 * noise(index + 5)) + 90 * trouble },
      ...{ clientsWaiting: Math.round(34 * trouble + (noise(index + 11) > 0.93 ? 3 : 0)), longestWaitMs: 142 * trouble },
      ...{
        clientConnections: Math.round(60 + 60 * load),
        serverConnections: Math.round(12 + 36 * load * (0.8 + 0.2 * noise(index))),
      },
      ...{ lagBytes: 90_000 * load, lagMs: 40 * load + 270 * trouble },
      ...{ cpuPercent: 8 + 34 * load + 6 * noise(index + 13), generatorCpuPercent: 2 + 9 * load + 2 * noise(index + 17) },
    }
  })
}
