import { Failure } from '../../platform/failure.ts'
import { formatMinute } from '../../platform/quantities.ts'
import { joinPause, type PauseRefusal, type PauseRequest } from '../../runtime/replay-pause/changes.ts'
import type { ReplayPause } from '../../runtime/replay-pause/record.ts'

/** @throws Failure for what {@link joinPause} refuses. */
export function joinOrRefuse(known: ReplayPause | undefined, request: PauseRequest): ReplayPause {
  const joined = joinPause(known, request)
  if (typeof joined === 'string') throw refused(joined, request.node, known)
  return joined
}

function refused(why: PauseRefusal, node: string, known: ReplayPause | undefined): Failure {
  if (why === 'paused by somebody else')
    return new Failure(`replay on ${node} is paused already, and not by a backup`, {
      ...{ kind: 'config', subject: node, code: 'PausedByOthers' },
      hint: `Ask who paused it, and why. When it may go on, run on ${node}: SELECT pg_wal_replay_resume()`,
    })
  const since = formatMinute(known?.sinceMs ?? 0)
  if (why === 'another replica')
    return new Failure(`replay on ${known?.node}, which backups paused before, has not been resumed yet`, {
      ...{ kind: 'transient', subject: known?.node ?? node, code: 'AnotherPaused' },
      hint: 'The operation `replication` resumes it; the next try comes when it has.',
    })
  return new Failure(`replay on ${node} is paused for another run since ${since}, before this one was due`, {
    ...{ kind: 'transient', subject: node, code: 'RunAtWork' },
    hint: 'What was written since then would be missing. Give the schedule more time between two slots, or the other run more connections.',
  })
}

/** The replica was promoted. */
export function promoted(name: string): Failure {
  return new Failure(`${name} is no standby any more: it takes writes`, {
    ...{ kind: 'config', subject: name, code: 'Unfit' },
    hint: 'Change the roles of the nodes and backup.fanOut.pauseReplica in the definition.',
  })
}

/** Replay has gone on for so long since it was asked to pause. */
export function stillReplaying(node: string, seconds: number, state: string): Failure {
  return new Failure(`replay on ${node} did not pause within ${seconds} s: ${state}`, {
    ...{ kind: 'transient', subject: node, code: 'NotPaused' },
    hint: 'A query there may hold up its replay, which pauses only between two records: see pg_stat_activity of the replica.',
  })
}
