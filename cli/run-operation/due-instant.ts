import type { Cluster } from '../../config/cluster.ts'
import { latestDueMs } from '../../config/due.ts'
import { type TimetableEntry, timetable } from '../../config/timetable.ts'
import { configFailure } from '../settings/config-failure.ts'
import type { RunnableOperation } from './operations.ts'

const isoInstant = /^\d{4}-\d{2}-\d{2}T\d{2}:\d{2}(:\d{2}(\.\d+)?)?(Z|[+-]\d{2}:\d{2})$/
const minuteMs = 60_000

/** What is asked for: an operation, and which line of the backup schedule. */
export interface Asked {
  operation: RunnableOperation
  slot?: string | undefined
}

/**
 * The line of the timetable that is meant.
 *
 * @throws Failure of kind `config` unless there is exactly one.
 */
export function scheduleLine(cluster: Cluster, { operation, slot }: Asked): TimetableEntry {
  const lines = timetable(cluster).filter((entry) => entry.operation === operation)
  if (operation !== 'backup') {
    if (slot !== undefined) throw configFailure(`${operation} has no slots`, '--slot', 'Leave --slot out.')
    const [line] = lines
    if (line !== undefined) return line
    throw configFailure(`the definition schedules no ${operation}`, operation, 'Add what it works on to the definition.')
  }
  const known = `backup.schedule has: ${lines.map((line) => line.slot).join(', ')}.`
  if (slot === undefined && lines.length > 1) {
    throw configFailure('the backup schedule has several slots', '--slot', `Name one. ${known}`)
  }
  const line = slot === undefined ? lines[0] : lines.find((one) => one.slot === slot)
  if (line === undefined) throw configFailure(`the backup schedule has no slot "${slot}"`, 'backup.schedule', known)
  return line
}

/**
 * The instant of the schedule that a run is for, in milliseconds since the epoch: the one that is given, else the latest.
 *
 * @throws Failure of kind `config` for what is no instant, or lies in the future.
 */
export function dueInstant(line: TimetableEntry, timeZone: string, due: string | undefined, nowMs: number): number {
  if (due === undefined) return latestDueMs(line.when, timeZone, nowMs)
  const ms = isoInstant.test(due) ? Date.parse(due) : Number.NaN
  if (Number.isNaN(ms) || ms % minuteMs !== 0) {
    throw configFailure(`--due "${due}" is no minute`, '--due', 'Write it as 2026-11-25T06:00Z, with the zone.')
  }
  if (ms <= nowMs) return ms
  throw configFailure(`--due ${due} lies in the future`, '--due', 'Leave --due out for the latest instant of the schedule.')
}
