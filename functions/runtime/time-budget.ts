import { Failure } from '../platform/failure.ts'
import type { ScheduledRun } from './scheduled.ts'

/** The time that a run may work. */
export interface TimeBudget {
  /** Fires when it is used up; its reason is a Failure with code `OutOfTime`. */
  readonly signal: AbortSignal
  /** Until then. */
  secondsLeft(): number
  /** Lets the process end before then. */
  dispose(): void
}

const mostReserveMs = 60_000
const reserveShare = 0.1
/** Timers do not wait longer than this. */
const longestTimerMs = 2 ** 31 - 1

/**
 * How long a run may work: as long as the definition lets it, and not so long that it would be killed before it has aborted
 * its uploads and told people, for which a tenth of its time is kept, a minute at most.
 *
 * @param limitSeconds of the definition.
 */
export function workEndMs(run: Pick<ScheduledRun, 'deadlineMs'>, limitSeconds: number, nowMs: number): number {
  const ownEndMs = nowMs + limitSeconds * 1000
  if (run.deadlineMs === undefined) return ownEndMs
  const reserveMs = Math.min(mostReserveMs, Math.max(0, run.deadlineMs - nowMs) * reserveShare)
  return Math.min(ownEndMs, run.deadlineMs - reserveMs)
}

/** Starts the clock of a run. */
export function startTimeBudget(run: Pick<ScheduledRun, 'deadlineMs'>, limitSeconds: number): TimeBudget {
  const endMs = workEndMs(run, limitSeconds, Date.now())
  const stop = new AbortController()
  const leftMs = (): number => Math.max(0, endMs - Date.now())
  const timer = setTimeout(() => stop.abort(outOfTime()), Math.min(longestTimerMs, leftMs()))
  return { signal: stop.signal, secondsLeft: () => leftMs() / 1000, dispose: () => clearTimeout(timer) }
}

function outOfTime(): Failure {
  return new Failure('the time of this run is used up', {
    kind: 'permanent',
    subject: 'the run',
    code: 'OutOfTime',
    hint: 'Run it where there is more time: from a systemd timer on a VM (`ballast timers`), or with a longer backup.limits.duration; what it left behind counts for nothing.',
  })
}
