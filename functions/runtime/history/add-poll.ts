import { type HistoryDocument, mostFailedChecks, mostQuarters, type Tally } from './history-document.ts'
import type { Poll } from './poll.ts'

/** The runs that a document is about. */
export interface SeriesName {
  operation: string
  slot?: string
}

const quarterMs = 15 * 60_000
/** Clocks that differ by less than this agree. */
const toleranceQuarters = 4

/** The month of a moment, in UTC: `2026-11`. */
export function monthOf(ms: number): string {
  return new Date(ms).toISOString().slice(0, 7)
}

/** When a month begins; milliseconds since the epoch. */
export function monthStartMs(month: string): number {
  return Date.parse(`${month}-01T00:00:00Z`)
}

/** Where a quarter hour of a month begins. */
export function quarterStartMs(month: string, quarter: number): number {
  return monthStartMs(month) + quarter * quarterMs
}

/**
 * A month's document with one more run in it. Only runs of that month belong to it. The day is counted for good; the quarter
 * hour is kept among the newest. A run that is there already (the answer to its first write was lost) is not counted twice.
 */
export function addPoll(document: HistoryDocument | undefined, name: SeriesName, poll: Poll): HistoryDocument {
  const month = monthOf(poll.atMs)
  const known = document ?? empty(name, month)
  if (document?.last.atMs === poll.atMs) return document
  const { atMs, result, message, lagBytes, lagSeconds, replayPausedSeconds } = poll
  const quarter = Math.floor((atMs - monthStartMs(month)) / quarterMs)
  const day = new Date(atMs).getUTCDate()
  const lastGoodMs = result === 'good' ? atMs : known.lastGoodMs
  return {
    ...known,
    last: {
      ...{ atMs, result },
      ...(message === undefined ? {} : { message }),
      ...(lagBytes === undefined ? {} : { lagBytes }),
      ...(lagSeconds === undefined ? {} : { lagSeconds }),
      ...(replayPausedSeconds === undefined ? {} : { replayPausedSeconds }),
    },
    ...(lastGoodMs === undefined ? {} : { lastGoodMs }),
    days: count(known.days, (period) => period.day - day, { day }, poll),
    quarters: newest(
      count(known.quarters, (period) => period.quarter - quarter, { quarter }, poll),
      quarter,
    ),
  }
}

function empty({ operation, slot }: SeriesName, month: string): HistoryDocument {
  return {
    ...{ format: 1, operation, ...(slot === undefined ? {} : { slot }), month },
    ...{ last: { atMs: 0, result: 'good' }, days: [], quarters: [] },
  }
}

/** The periods, sorted, with the poll in the one that it belongs to. */
function count<Place extends object>(
  periods: readonly (Place & Tally)[],
  distance: (period: Place) => number,
  place: Place,
  poll: Poll,
): (Place & Tally)[] {
  const own = periods.find((period) => distance(period) === 0)
  const others = periods.filter((period) => period !== own)
  return [...others, { ...place, ...tallied(own, poll) }].sort((a, b) => distance(a) - distance(b))
}

/** Drops what a clock that was ahead has left, then the oldest. */
function newest<Period extends { quarter: number }>(quarters: readonly Period[], now: number): Period[] {
  return quarters.filter(({ quarter }) => quarter <= now + toleranceQuarters).slice(-mostQuarters)
}

function tallied(known: Tally | undefined, poll: Poll): Tally {
  const badPolls = (known?.badPolls ?? 0) + Number(poll.result === 'bad')
  const failedPolls = (known?.failedPolls ?? 0) + Number(poll.result === 'failed')
  const worstLagBytes = worse(known?.worstLagBytes, poll.lagBytes)
  const worstLagSeconds = worse(known?.worstLagSeconds, poll.lagSeconds)
  const failedChecks = [...new Set([...(known?.failedChecks ?? []), ...poll.failedChecks])].slice(0, mostFailedChecks)
  return {
    polls: (known?.polls ?? 0) + 1,
    ...(badPolls === 0 ? {} : { badPolls }),
    ...(failedPolls === 0 ? {} : { failedPolls }),
    ...(worstLagBytes === undefined ? {} : { worstLagBytes }),
    ...(worstLagSeconds === undefined ? {} : { worstLagSeconds }),
    ...(failedChecks.length === 0 ? {} : { failedChecks }),
  }
}

function worse(known: number | undefined, now: number | undefined): number | undefined {
  if (known === undefined || now === undefined) return known ?? now
  return Math.max(known, now)
}
