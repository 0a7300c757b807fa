import { leastFanOutConnections } from '../../../config/fan-out.ts'
import { plannedObjectBytes } from '../../platform/object-store/s3/part-plan.ts'
import type { RunLimits } from '../fan-out/source-watch.ts'
import { functionSeconds } from './holding.ts'
import type { SimulatedRun } from './simulate-run.ts'
import type { SourceLoad } from './source-load.ts'

/** One limit, and how near a run comes to it. */
export interface PlannedLimit {
  what: string
  unit: 'seconds' | 'bytes' | 'count'
  planned: number
  most: number
  passed: boolean
  /** Whether the run ends where it is passed; otherwise it may be so, as the server's settings are not known. */
  ends: boolean
  /** What to change. */
  fix: string
}

/** Connections of the budget that copy no rows. */
const otherConnections = leastFanOutConnections - 1
const mostParts = 10_000
const mostEvents = 25_000
/** Of each call of `hold` in the history of the execution, and of everything else. */
const eventsOfHold = 9
const eventsOfRun = 60
/** PostgreSQL's own `max_locks_per_transaction`. */
const usualLocks = 64

/** Why a call of a step takes too long. */
const causes: Readonly<Record<SimulatedRun['longestCall']['step'], string>> = {
  hold: 'there are too many tables to plan in one call',
  copy: 'one table cannot be cut, or a connection is too slow',
  describe: 'there are too many tables to describe in one call',
  finish: 'there are too many results to read in one call',
}

/** What the definition and the server allow. */
export interface SourceLimits extends RunLimits {
  /** `max_connections` of the source. */
  maxConnections: number
  /** Of them, what backups may take. */
  mostConnections: number
}

/** Every limit that grows with the size, and what the plan makes of it. */
export function plannedLimits(
  run: SimulatedRun,
  load: SourceLoad,
  largestUnitBytes: number,
  limits: SourceLimits,
): PlannedLimit[] {
  const faster = (seconds: number, most: number): string => {
    const enough = Math.ceil((load.connections - otherConnections) * (seconds / most)) + otherConnections
    return `raise it, or backup.fanOut.connections to ${enough} or more`
  }
  const { durationSeconds, snapshotAgeSeconds } = limits
  const all: Omit<PlannedLimit, 'passed'>[] = [
    limit('backup.limits.duration', 'seconds', run.seconds, durationSeconds, faster(run.seconds, durationSeconds)),
    limit(
      ...(['backup.limits.snapshotAge', 'seconds', load.snapshotSeconds, snapshotAgeSeconds] as const),
      faster(load.snapshotSeconds, snapshotAgeSeconds),
    ),
    limit(
      ...([`longest call: ${run.longestCall.step}`, 'seconds', run.longestCall.seconds, functionSeconds] as const),
      `${causes[run.longestCall.step]}: back this database up from a VM`,
    ),
    limit('largest object', 'bytes', largestUnitBytes, plannedObjectBytes, 'one table cannot be cut: divide it'),
    limit('parts of one upload', 'count', run.mostParts, mostParts, 'one table cannot be cut: divide it'),
    limit(
      ...(['events of the execution', 'count', run.calls.hold * eventsOfHold + eventsOfRun, mostEvents] as const),
      'make the run shorter with backup.fanOut.connections',
    ),
  ]
  const { maxConnections, mostConnections, walHeldBytes } = limits
  const { connections, walBytes } = load
  all.push(limit('connections for backups', 'count', connections, mostConnections, 'raise postgres.reservedConnections'))
  if (walBytes !== undefined)
    all.push({
      ...limit('backup.limits.walHeld', 'bytes', walBytes, walHeldBytes, 'where a slot or a paused replay keeps it, raise it'),
      ends: false,
    })
  all.push({
    ...limit(
      ...(['locks, by default settings', 'count', load.locks, usualLocks * maxConnections] as const),
      `max_locks_per_transaction = ${Math.ceil(load.locks / maxConnections)}, with max_connections = ${maxConnections}`,
    ),
    ends: false,
  })
  return all.map((one) => ({ ...one, passed: one.planned > one.most }))
}

function limit(
  what: string,
  unit: PlannedLimit['unit'],
  planned: number,
  most: number,
  fix: string,
): Omit<PlannedLimit, 'passed'> {
  return { what, unit, planned, most, ends: true, fix }
}
