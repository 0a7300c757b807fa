import { monthStartMs, quarterStartMs, type SeriesName } from './add-poll.ts'
import type { HistoryDocument, Tally } from './history-document.ts'

/** One day of a series, in UTC. A day without data has no polls. */
export interface HistoryDay extends Tally {
  /** `2026-11-22`. */
  day: string
}

/** What the history knows of one operation, or of one slot of it. */
export interface HistorySeries extends SeriesName {
  last: HistoryDocument['last']
  lastGoodMs?: number
  /** Every day that was asked for, oldest first, today last. */
  days: HistoryDay[]
  /** The quarter hours of the last 24 hours that had a run, oldest first. */
  quarters: ({ startMs: number } & Tally)[]
}

const dayMs = 86_400_000
/** Clocks that differ by less than this agree; what is later comes from one that was wrong. */
const toleranceMs = 3_600_000

/** Puts the months of each series together: so many days back, today included. */
export function assembleSeries(documents: readonly HistoryDocument[], days: number, nowMs: number): HistorySeries[] {
  const groups = Map.groupBy(documents, ({ operation, slot }) => `${operation}/${slot ?? ''}`)
  return [...groups.entries()]
    .sort(([a], [b]) => (a < b ? -1 : 1))
    .flatMap(([, group]) =>
      seriesOf(
        group.toSorted((a, b) => (a.month < b.month ? -1 : 1)),
        days,
        nowMs,
      ),
    )
}

function seriesOf(documents: readonly HistoryDocument[], days: number, nowMs: number): HistorySeries[] {
  const known = documents.filter(({ last }) => last.atMs <= nowMs + toleranceMs)
  const newest = (known.length > 0 ? known : documents).at(-1)
  if (newest === undefined) return []
  const { operation, slot, last } = newest
  const lastGoodMs = documents.reduce((latest, one) => Math.max(latest, one.lastGoodMs ?? 0), 0)
  return [
    {
      ...{ operation, ...(slot === undefined ? {} : { slot }), last },
      ...(lastGoodMs === 0 ? {} : { lastGoodMs }),
      days: daysOf(documents, days, nowMs),
      quarters: quartersOf(documents, nowMs),
    },
  ]
}

function daysOf(documents: readonly HistoryDocument[], days: number, nowMs: number): HistoryDay[] {
  const tallies = new Map<string, Tally>()
  for (const { month, days: periods } of documents) {
    for (const { day, ...tally } of periods) tallies.set(`${month}-${String(day).padStart(2, '0')}`, tally)
  }
  return lastDays(days, nowMs).map((day) => ({ day, polls: 0, ...tallies.get(day) }))
}

/** The names of so many days in UTC, oldest first, today last. */
export function lastDays(days: number, nowMs: number): string[] {
  return Array.from({ length: days }, (_, index) => new Date(nowMs - (days - 1 - index) * dayMs).toISOString().slice(0, 10))
}

function quartersOf(documents: readonly HistoryDocument[], nowMs: number): HistorySeries['quarters'] {
  return documents.flatMap(({ month, quarters }) =>
    quarters.flatMap(({ quarter, ...tally }) => {
      const startMs = quarterStartMs(month, quarter)
      return startMs > nowMs - dayMs && startMs <= nowMs + toleranceMs ? [{ startMs, ...tally }] : []
    }),
  )
}

/** The first month that so many days reach back to, in UTC: `2026-08`. */
export function firstMonth(days: number, nowMs: number): string {
  return (lastDays(days, nowMs)[0] ?? '').slice(0, 7)
}

/** Whether a month can be one of these days: what is later than now is from a clock that was wrong. */
export function isPastMonth(month: string, nowMs: number): boolean {
  return monthStartMs(month) <= nowMs + toleranceMs
}
