import { describe, expect, test } from 'vitest'
import { addPoll, monthOf } from '../../../../functions/runtime/history/add-poll.ts'
import type { HistoryDocument } from '../../../../functions/runtime/history/history-document.ts'
import { assembleSeries, firstMonth } from '../../../../functions/runtime/history/series.ts'

const now = Date.parse('2026-11-25T12:00:00Z')
const name = { operation: 'verify' }

/** One good run at each of these moments. */
function documentsOf(...moments: string[]): HistoryDocument[] {
  const months = new Map<string, HistoryDocument>()
  for (const moment of moments) {
    const atMs = Date.parse(moment)
    months.set(monthOf(atMs), addPoll(months.get(monthOf(atMs)), name, { atMs, result: 'good', failedChecks: [] }))
  }
  return [...months.values()]
}

const daysWithRuns = (documents: HistoryDocument[], days = 90): string[] =>
  assembleSeries(documents, days, now)
    .flatMap((series) => series.days)
    .filter(({ polls }) => polls > 0)
    .map(({ day }) => day)

test('every day is there, oldest first, and one without a run has none', () => {
  const [series] = assembleSeries(documentsOf('2026-11-24T05:00:00Z', '2026-10-31T23:59:00Z'), 90, now)
  expect(series?.days).toHaveLength(90)
  expect(series?.days[0]?.day).toBe('2026-08-28')
  expect(series?.days.at(-1)).toEqual({ day: '2026-11-25', polls: 0 })
  expect(series?.days.at(-2)).toEqual({ day: '2026-11-24', polls: 1 })
})

test('days before the window are ignored, the first in it is not', () => {
  expect(daysWithRuns(documentsOf('2026-08-27T23:59:59Z', '2026-08-28T00:00:00Z'))).toEqual(['2026-08-28'])
  expect(daysWithRuns(documentsOf('2026-08-28T00:00:00Z', '2026-11-25T00:00:00Z'), 1)).toEqual(['2026-11-25'])
})

test('the last run is that of the newest month', () => {
  const [series] = assembleSeries(documentsOf('2026-11-01T05:00:00Z', '2026-10-31T05:00:00Z').reverse(), 90, now)
  expect(series?.last.atMs).toBe(Date.parse('2026-11-01T05:00:00Z'))
  expect(series?.lastGoodMs).toBe(Date.parse('2026-11-01T05:00:00Z'))
})

describe('a clock that was ahead', () => {
  test('by a month: neither the last run nor a day is taken from there', () => {
    const documents = documentsOf('2026-11-25T05:00:00Z', '2026-12-25T05:00:00Z')
    expect(daysWithRuns(documents)).toEqual(['2026-11-25'])
    expect(assembleSeries(documents, 90, now)[0]?.last.atMs).toBe(Date.parse('2026-11-25T05:00:00Z'))
  })

  test('by days within the month: the day is not shown before it comes', () => {
    expect(daysWithRuns(documentsOf('2026-11-25T05:00:00Z', '2026-11-28T05:00:00Z', '2026-11-25T11:00:00Z'))).toEqual([
      '2026-11-25',
    ])
  })
})

test('the quarter hours of the last day come from both months around midnight of the first', () => {
  const midnight = Date.parse('2026-12-01T01:00:00Z')
  const documents = documentsOf('2026-11-30T00:30:00Z', '2026-11-30T23:50:00Z', '2026-12-01T00:10:00Z')
  const [series] = assembleSeries(documents, 90, midnight)
  expect(series?.quarters.map(({ startMs }) => new Date(startMs).toISOString())).toEqual([
    '2026-11-30T23:45:00.000Z',
    '2026-12-01T00:00:00.000Z',
  ])
})

test('slots of one operation are series of their own', () => {
  const run = (slot: string) =>
    addPoll(undefined, { operation: 'backup', slot }, { atMs: now, result: 'good', failedChecks: [] })
  expect(assembleSeries([run('six-hourly'), run('daily')], 90, now).map(({ slot }) => slot)).toEqual(['daily', 'six-hourly'])
})

test.each([
  [1, '2026-11'],
  [25, '2026-11'],
  [26, '2026-10'],
  [90, '2026-08'],
  [365, '2025-11'],
])('%i days reach back to %s', (days, month) => {
  expect(firstMonth(days, now)).toBe(month)
})
