import type { Cluster } from '../../../config/cluster.ts'
import type { LoadPoint, PgbenchResult } from '../../records/load-record.ts'
import type { Measurement } from '../../records/measurement.ts'
import type { JudgedGoals } from '../goals.ts'
import type { LoadMeasurement } from '../keys.ts'
import { largest, mean, type PointField, type SeriesValue } from './series.ts'

/**
 * What pgbench counted. Nothing may fail. Where it has a rate, what was skipped or failed of it may be no more than requests
 * may; as many transactions as possible are late by themselves, and judge nothing.
 */
export function pgbenchMeasurements(
  results: readonly PgbenchResult[],
  pgbench: Cluster['loadtests']['pgbench'],
  { goals, from }: JudgedGoals,
): Measurement[] {
  if (results.length === 0) return []
  const sum = (of: (result: PgbenchResult) => number): number => results.reduce((total, result) => total + of(result), 0)
  const ended = sum(({ transactions, failed }) => transactions + failed)
  const due = ended + sum(({ skipped }) => skipped)
  const lost = sum(({ skipped, failed }) => skipped + failed)
  const failed: Measurement = {
    ...{ key: 'pgbenchFailed', value: sum((result) => result.failed), unit: 'count', samples: ended },
    limit: { is: 'exactly', value: 0, from: 'loadtests.pgbench' },
  }
  const rated: Measurement = {
    ...{ key: 'pgbenchLost', value: percentOf(lost, due), unit: '%', samples: due },
    limit: { is: 'at most', value: goals.maxLostPercent, from: from.maxLost },
  }
  return [
    failed,
    ...(pgbench.ratePerSecond === undefined ? [] : [rated]),
    {
      key: 'pgbenchLate',
      value: percentOf(
        sum(({ late }) => late),
        ended,
      ),
      unit: '%',
      samples: ended,
    },
    ...bestRate(results, 'pooler', 'poolerRate'),
    ...bestRate(results, 'direct', 'directRate'),
  ]
}

function percentOf(part: number, whole: number): number {
  return whole === 0 ? 0 : (100 * part) / whole
}

function bestRate(results: readonly PgbenchResult[], through: PgbenchResult['through'], key: LoadMeasurement): Measurement[] {
  const [best] = results
    .filter((result) => result.through === through)
    .toSorted((one, other) => other.transactionsPerSecond - one.transactionsPerSecond)
  return best === undefined ? [] : [{ key, value: best.transactionsPerSecond, unit: '/s', samples: best.transactions }]
}

/** What samples show of a cluster under load. PgBouncer's connections must leave those that the definition reserves. */
export function seriesMeasurements(
  points: readonly LoadPoint[],
  { maxConnections, reservedConnections }: Cluster['postgres'],
): Measurement[] {
  const of = (
    key: LoadMeasurement,
    unit: Measurement['unit'],
    field: PointField,
    value: (points: readonly LoadPoint[], field: PointField) => SeriesValue | undefined = largest,
  ): Measurement[] => {
    const found = value(points, field)
    return found === undefined ? [] : [{ key, unit, ...found }]
  }
  const limit = { is: 'at most', value: maxConnections - reservedConnections, from: 'postgres.maxConnections' } as const
  return [
    ...of('serverConnections', 'count', 'serverConnections').map((one) => ({ ...one, limit })),
    ...of('databaseConnections', 'count', 'databaseConnections'),
    ...of('clientsWaiting', 'count', 'clientsWaiting'),
    ...of('longestWait', 'ms', 'longestWaitMs'),
    ...of('lagBytes', 'bytes', 'lagBytes'),
    ...of('lagTime', 'ms', 'lagMs'),
    ...of('cpu', '%', 'cpuPercent', mean),
    ...of('generatorCpu', '%', 'generatorCpuPercent', mean),
  ]
}
