import type { LoadPoint, LoadRecord } from '../records/load-record.ts'
import type { Measurement } from '../records/measurement.ts'
import type { LoadCourse } from './course.ts'
import type { LoadTest } from './load-test.ts'
import type { PreparedLoadTest } from './prepare-load-test.ts'
import type { PlanSize } from './requests/planned-requests.ts'
import { thinned, withRequests } from './samples/timeline.ts'
import { pgbenchMeasurements, seriesMeasurements } from './verdict/database-measurements.ts'
import { requestFindings } from './verdict/request-findings.ts'
import { requestMeasurements } from './verdict/request-measurements.ts'
import { saturation } from './verdict/saturation.ts'

/** The record of a load test, and in it what it proves. Of one that did not go to its end, numbers are kept and judge nothing. */
export function loadRecordOf(
  { origin, definition, profile, goals }: LoadTest,
  { k6, database, size }: PreparedLoadTest,
  course: LoadCourse,
  samples: readonly LoadPoint[],
): LoadRecord {
  const { requestRuns, pgbench, state, reason } = course
  const points = withRequests(samples, course.requestPoints, course.startedAtMs)
  const isWhole = state === 'complete'
  const measurements = [
    ...requestMeasurements(requestRuns, goals),
    ...pgbenchMeasurements(pgbench, definition.loadtests.pgbench, goals),
    ...seriesMeasurements(points, definition.postgres),
  ]
  return {
    ...{ kind: 'load', name: profile, ...origin, state, ...(reason === undefined ? {} : { reason }) },
    startedAt: new Date(course.startedAtMs).toISOString(),
    endedAt: new Date(course.startedAtMs + course.sinceStartMs()).toISOString(),
    plan: planOf(size, course),
    measurements: isWhole ? measurements : measurements.map(withoutLimit),
    findings: [...course.findings, ...(isWhole ? judged(course, points, origin.on) : [])],
    events: course.events,
    tables: [],
    scenarios: requestRuns.flatMap(({ summary }) =>
      summary.scenarios.map(({ scenario, lost: _lost, ...counts }) => ({ name: scenario, ...counts })),
    ),
    pgbench,
    points: thinned(points),
    tools: { k6: k6.version, ...(database === undefined ? {} : { pgbench: database.loads.version }) },
  }
}

/** The rate and the plateau that were planned, and what was really there. */
function planOf({ seconds: _latest, ...planned }: PlanSize, { requestRuns, pgbench }: LoadCourse): LoadRecord['plan'] {
  const seconds = [...requestRuns.map(({ summary }) => summary), ...pgbench].reduce((sum, one) => sum + one.seconds, 0)
  const virtualUsers = Math.max(0, ...requestRuns.map(({ summary }) => summary.virtualUsers))
  return { ...planned, seconds, virtualUsers }
}

function judged({ requestRuns, ratedTimes }: LoadCourse, points: readonly LoadPoint[], on: LoadRecord['on']): string[] {
  const rated = points.filter(({ atMs, requestsPerSecond, transactionsPerSecond }) => {
    const isLoaded = requestsPerSecond !== undefined || transactionsPerSecond !== undefined
    return isLoaded && ratedTimes.some(({ fromMs, toMs }) => atMs >= fromMs && atMs <= toMs)
  })
  return [...requestFindings(requestRuns), ...saturation(rated, on !== 'cluster')]
}

function withoutLimit({ limit: _limit, ...measured }: Measurement): Measurement {
  return measured
}
