import { type Finding, fail, ok, warn } from '../platform/check.ts'
import { formatDuration } from '../platform/quantities.ts'
import type { ExpectedNode, Limits } from './expected.ts'
import type { ServerFacts } from './facts.ts'

/** Whether replay is paused, or about to be. */
export function isPaused({ standby }: ServerFacts): boolean {
  return standby !== undefined && standby.pauseState !== null && standby.pauseState !== 'not paused'
}

/**
 * Whether replay goes on. Only the replica that the definition sets apart for backups may pause, and only for so long.
 *
 * @param pausedSeconds how long it has been seen so.
 */
export function replayFinding(node: ExpectedNode, facts: ServerFacts, pausedSeconds: number, limits: Limits): Finding {
  const pauseState = facts.standby?.pauseState
  if (!pauseState) return fail('replay', 'the server does not say whether replay is paused', 'Look at the log of the server.')
  if (!isPaused(facts)) return ok('replay', 'goes on')
  const fix = `If no backup is at work there, run SELECT pg_wal_replay_resume() on ${node.name}.`
  const seen = pausedSeconds > 0 ? `${pauseState}, seen for ${formatDuration(pausedSeconds)}` : pauseState
  if (!node.mayPause) return fail('replay', `${seen}; nothing here may pause it`, fix)
  const { maxReplayPauseSeconds } = limits
  const finding = `${seen}; at most ${formatDuration(maxReplayPauseSeconds)}`
  return pausedSeconds > maxReplayPauseSeconds ? fail('replay', finding, fix) : warn('replay', finding, fix)
}
