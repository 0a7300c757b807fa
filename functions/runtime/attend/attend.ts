import type { ScheduledOperation } from '../../../config/timetable.ts'
import { toFailure } from '../../platform/failure.ts'
import type { Heartbeat } from '../../platform/heartbeat/heartbeat.ts'
import { failedOutcome, type Outcome } from '../../platform/outcome.ts'
import { clusterEnvironment } from '../definition/cluster-environment.ts'
import type { ScheduledRun, ScheduledWork } from '../scheduled.ts'
import type { Attendants, Untold } from './attendants.ts'
import { definedAttendants } from './defined-attendants.ts'
import { isLeftToAnother, observationsOf, type RunName, runName } from './observations.ts'
import { withUntold } from './with-untold.ts'

const tellWithinMs = 60_000
/** Of a run that is about to be killed. */
const leastTellMs = 1_000

/**
 * Attends to a scheduled run in place of a person: whatever happens there is one Outcome, people are alerted when it is not
 * well and when it is well again, the history keeps it, and a dead-man's switch hears of it. Never throws.
 *
 * The switch hears of success only from verification, for nothing else proves a backup; of failure from backups, too.
 */
export async function attend(
  operation: ScheduledOperation,
  work: ScheduledWork,
  given: ScheduledRun,
  attendants: Attendants = definedAttendants(operation, given),
): Promise<Outcome> {
  const run = { ...given, env: clusterEnvironment(given.cluster, given.env) }
  const name: RunName = { cluster: run.cluster.name, operation, slot: run.slot, part: run.part }
  const heartbeat = operation === 'verify' ? await attendants.beginHeartbeat() : undefined
  const outcome = await outcomeOf(name, work, run)
  if (isLeftToAnother(outcome)) return outcome

  const untold = [
    ...(await collect('alerts', () => attendants.alert(observationsOf(name, outcome), tellSignal(run)))),
    ...(await collect('history', () => attendants.record(outcome, tellSignal(run)))),
    ...(await collect('heartbeat', () => endHeartbeat(operation, outcome, heartbeat, attendants))),
  ]
  for (const { by, message } of untold) run.note(`${by}: ${message}`)
  return withUntold(outcome, untold)
}

async function outcomeOf(name: RunName, work: ScheduledWork, run: ScheduledRun): Promise<Outcome> {
  const startedMs = Date.now()
  try {
    return await work(run)
  } catch (thrown) {
    const failure = toFailure(thrown, runName(name))
    return failedOutcome(name.operation, runName(name), failure, { seconds: (Date.now() - startedMs) / 1000 })
  }
}

async function endHeartbeat(
  operation: ScheduledOperation,
  outcome: Outcome,
  begun: Heartbeat | undefined,
  attendants: Attendants,
): Promise<Untold[]> {
  const failedBackup = operation === 'backup' && !outcome.ok
  const heartbeat = begun ?? (failedBackup ? await attendants.beginHeartbeat() : undefined)
  if (heartbeat === undefined) return []
  await heartbeat.end(outcome)
  return heartbeat.warnings.map((warning) => ({ by: 'heartbeat', ...warning }))
}

async function collect(by: Untold['by'], tell: () => Promise<Untold[]>): Promise<Untold[]> {
  try {
    return await tell()
  } catch (thrown) {
    const { message, hint } = toFailure(thrown, by)
    return [{ by, message, hint, ...(by === 'alerts' ? { critical: true } : {}) }]
  }
}

/** Also a run that was stopped is told of, within what is left of its time. */
function tellSignal({ deadlineMs = Number.POSITIVE_INFINITY }: ScheduledRun): AbortSignal {
  return AbortSignal.timeout(Math.max(leastTellMs, Math.min(tellWithinMs, deadlineMs - Date.now())))
}
