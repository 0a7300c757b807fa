import type { HistoryDay } from '../runtime/history/series.ts'
import type { DayState, UptimeDay } from './status-report.ts'

/** A day with at least this share of good runs is flawed, not bad. */
const flawedFromShare = 0.95
/** Fewer runs than this share of those that were due: too little is known to call the day good. */
const partialBelowShare = 0.9
const dayMs = 86_400_000

/**
 * What each day was like.
 *
 * @param runsPerDay runs that are due on every day; undefined when that is not known.
 */
export function uptimeDays(days: readonly HistoryDay[], runsPerDay: number | undefined, nowMs: number): UptimeDay[] {
  const sinceMidnightMs = nowMs % dayMs
  return days.map((day, index) => {
    const passedShare = index === days.length - 1 ? sinceMidnightMs / dayMs : 1
    return { ...day, state: dayState(day, Math.floor((runsPerDay ?? 0) * passedShare * partialBelowShare)) }
  })
}

function dayState(day: HistoryDay, leastPolls: number): DayState {
  if (day.polls === 0) return 'none'
  const good = goodPolls(day)
  if (good < day.polls) return good / day.polls >= flawedFromShare ? 'flawed' : 'bad'
  return day.polls < leastPolls ? 'partial' : 'good'
}

/** Runs that went well and found everything well. */
export function goodPolls({ polls, badPolls = 0, failedPolls = 0 }: HistoryDay): number {
  return Math.max(0, polls - badPolls - failedPolls)
}
