import type { PauseUser, ReplayPause } from '../runtime/replay-pause/record.ts'

/**
 * What is known of a pause of replay that is Ballast's:
 * - `not asked`: the store was not looked at. `unreadable`: it was, and could not be.
 * - `none`: nothing of ours has replay paused.
 * - `needed`: a run that is at work needs it.
 * - `ending`: no run needs it any more; whoever ended the last one is about to resume it.
 * - `resumed`: nobody did, so this poll has. `stuck`: it could not.
 * - `catching up`: replay has gone on since then, and may take as long as it was paused.
 */
export type PauseNews =
  | { is: 'not asked' | 'none' }
  | { is: 'unreadable'; problem: string }
  | { is: 'needed'; node: string; sinceMs: number; sets: string[] }
  | { is: 'ending' | 'resumed'; node: string; sinceMs: number }
  | { is: 'stuck'; node: string; sinceMs: number; problem: string; fix: string }
  | { is: 'catching up'; node: string; resumedMs: number }

/** What a poll does about the pause that it found. */
export type PauseStep =
  | { do: 'tell'; news: PauseNews }
  | { do: 'take out'; users: PauseUser[] }
  | { do: 'resume'; node: string; sinceMs: number }
  | { do: 'note the end' }

/** For the steps of a run to resume it themselves, which tell people how the run ended; and for one that is late to pause it. */
const resumeAfterMs = 60_000

/**
 * What there is to do about a pause: runs that are over are taken out, and where none is left, and nobody has resumed replay for a
 * while, it is resumed. A pause that is not in the record is never touched.
 *
 * @param needed those of its users that need it.
 * @param paused whether replay is paused on its node; undefined where that does not answer.
 */
export function decidePause(
  pause: ReplayPause | undefined,
  needed: readonly PauseUser[],
  paused: boolean | undefined,
  nowMs: number,
): PauseStep {
  if (pause === undefined) return { do: 'tell', news: { is: 'none' } }
  const { node, sinceMs, users, unneededMs = nowMs, resumedMs } = pause
  if (resumedMs !== undefined) return { do: 'tell', news: afterwards(node, sinceMs, resumedMs, nowMs) }
  const over = users.filter((user) => !needed.includes(user))
  if (over.length > 0) return { do: 'take out', users: over }
  if (users.length > 0) return { do: 'tell', news: { is: 'needed', node, sinceMs, sets: users.map(({ set }) => set) } }
  if (paused === undefined || nowMs - unneededMs < resumeAfterMs) return { do: 'tell', news: { is: 'ending', node, sinceMs } }
  return paused ? { do: 'resume', node, sinceMs } : { do: 'note the end' }
}

/** Replay catches up for at most as long again as it was paused. */
function afterwards(node: string, sinceMs: number, resumedMs: number, nowMs: number): PauseNews {
  return nowMs < resumedMs + (resumedMs - sinceMs) ? { is: 'catching up', node, resumedMs } : { is: 'none' }
}
