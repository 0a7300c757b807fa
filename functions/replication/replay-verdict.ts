import { type Finding, fail, ok, warn } from '../platform/check.ts'
import { formatDuration, formatMinute } from '../platform/quantities.ts'
import type { ExpectedNode, Limits } from './expected.ts'
import type { ServerFacts } from './facts.ts'
import type { PauseNews } from './pause-news.ts'

/** Whether replay is paused, or about to be. */
export function isPaused({ standby }: ServerFacts): boolean {
  return standby !== undefined && standby.pauseState !== null && standby.pauseState !== 'not paused'
}

/** The news as they are about one node. */
export function newsOf(news: PauseNews, { name }: ExpectedNode): PauseNews {
  return 'node' in news && news.node !== name ? { is: 'none' } : news
}

/** How long replay has been paused. */
export interface PausedFor {
  /** Seen so by polls. */
  seconds: number
  nowMs: number
}

/**
 * Whether replay goes on. It may be paused for a run that is at work, and only for so long.
 *
 * @param news about this node.
 */
export function replayFinding(
  node: ExpectedNode,
  facts: ServerFacts,
  { seconds, nowMs }: PausedFor,
  { maxReplayPauseSeconds }: Limits,
  news: PauseNews,
): Finding {
  const pauseState = facts.standby?.pauseState
  if (!pauseState) return fail('replay', 'the server does not say whether replay is paused', 'Look at the log of the server.')
  if (!isPaused(facts))
    return ok('replay', news.is === 'catching up' ? `goes on since ${formatMinute(news.resumedMs)}, after a backup` : 'goes on')
  const fix = `If no backup is at work there, run SELECT pg_wal_replay_resume() on ${node.name}.`
  const seen = seconds > 0 ? `${pauseState}, seen for ${formatDuration(seconds)}` : pauseState
  const most = `at most ${formatDuration(maxReplayPauseSeconds)}`
  switch (news.is) {
    case 'needed': {
      const finding = `paused for a backup since ${formatMinute(news.sinceMs)} (${news.sets.join(', ')})`
      const isLong = (nowMs - news.sinceMs) / 1000 > maxReplayPauseSeconds
      return isLong
        ? fail('replay', `${finding}; ${most}`, `${fix} Else give the run more connections (backup.fanOut.connections).`)
        : ok('replay', finding)
    }
    case 'ending':
      return ok('replay', `paused since ${formatMinute(news.sinceMs)} for a backup that has just ended; goes on in a moment`)
    case 'resumed':
      return { ...warn('replay', resumedText(news.sinceMs), resumedFix), immediate: true }
    case 'stuck':
      return fail(
        'replay',
        `paused since ${formatMinute(news.sinceMs)} for a backup that is over, and cannot be resumed: ${news.problem}`,
        news.fix,
      )
    case 'unreadable':
      return fail(
        'replay',
        `${seen}; whether a backup needs it cannot be read: ${news.problem}`,
        `${fix} Bring the store back.`,
      )
    case 'not asked':
      if (!node.mayPause) return fail('replay', `${seen}; nothing here may pause it`, fix)
      return seconds > maxReplayPauseSeconds ? fail('replay', `${seen}; ${most}`, fix) : warn('replay', `${seen}; ${most}`, fix)
    default:
      return fail('replay', `${seen}, and not by a backup`, fix)
  }
}

const resumedText = (sinceMs: number): string =>
  `had been paused since ${formatMinute(sinceMs)} for a backup that is over, and nobody had resumed it: it was resumed now`
const resumedFix =
  'Replay needs nothing. Find out why the run did not end by itself: the executions of the state machine, and the log of the function `fan-out`.'
