import { describe, expect, test } from 'vitest'
import { addPoll } from '../../../../functions/runtime/history/add-poll.ts'
import { type HistoryDocument, parseHistory, serializeHistory } from '../../../../functions/runtime/history/history-document.ts'
import type { Poll } from '../../../../functions/runtime/history/poll.ts'

const name = { operation: 'replication' }
const minuteMs = 60_000
const dayMs = 24 * 60 * minuteMs
const at = (text: string): number => Date.parse(text)

function poll(when: string | number, changed: Partial<Poll> = {}): Poll {
  return { atMs: typeof when === 'number' ? when : at(when), result: 'good', failedChecks: [], ...changed }
}

function documentOf(polls: readonly Poll[]): HistoryDocument {
  const document = polls.reduce<HistoryDocument | undefined>((known, one) => addPoll(known, name, one), undefined)
  if (document === undefined) throw new Error('no poll was given')
  return document
}

test('counts runs by day and by quarter of an hour, with the worst of each', () => {
  const document = documentOf([
    poll('2026-11-22T10:01:00Z', { lagBytes: 100, lagSeconds: 0.5 }),
    poll('2026-11-22T10:02:00Z', { lagBytes: 900, lagSeconds: 0.1 }),
    poll('2026-11-22T10:14:59Z', { result: 'bad', failedChecks: ['db-2: lag'], message: 'db-2: lag' }),
    poll('2026-11-22T10:15:00Z', { result: 'failed', message: 'no route' }),
  ])
  expect(document.month).toBe('2026-11')
  const worst = { worstLagBytes: 900, worstLagSeconds: 0.5, failedChecks: ['db-2: lag'] }
  expect(document.days).toEqual([{ day: 22, polls: 4, badPolls: 1, failedPolls: 1, ...worst }])
  expect(document.quarters).toEqual([
    { quarter: 21 * 96 + 40, polls: 3, badPolls: 1, ...worst },
    { quarter: 21 * 96 + 41, polls: 1, failedPolls: 1 },
  ])
  expect(document.last).toEqual({ atMs: at('2026-11-22T10:15:00Z'), result: 'failed', message: 'no route' })
  expect(document.lastGoodMs).toBe(at('2026-11-22T10:02:00Z'))
})

test('a lag that is not known stays unknown, also beside known ones', () => {
  const document = documentOf([poll('2026-11-22T10:01:00Z'), poll('2026-11-22T10:16:00Z', { lagBytes: 0 })])
  expect(document.quarters.map(({ worstLagBytes }) => worstLagBytes)).toEqual([undefined, 0])
  expect(document.days[0]?.worstLagBytes).toBe(0)
})

test('midnight in UTC separates days, and the end of a month documents', () => {
  const document = documentOf([poll('2026-11-29T23:59:59.999Z'), poll('2026-11-30T00:00:00Z'), poll('2026-11-30T23:59:59Z')])
  expect(document.days).toEqual([
    { day: 29, polls: 1 },
    { day: 30, polls: 2 },
  ])
  expect(document.quarters.at(-1)?.quarter).toBe(30 * 96 - 1)
  expect(documentOf([poll('2026-12-01T00:00:00Z')])).toMatchObject({ month: '2026-12', quarters: [{ quarter: 0 }] })
})

test('the same run twice is counted once: the answer to its first write was lost', () => {
  const once = documentOf([poll('2026-11-22T10:01:00Z')])
  expect(addPoll(once, name, poll('2026-11-22T10:01:00Z'))).toBe(once)
})

describe('clocks that jump', () => {
  const hours = (count: number): Poll[] =>
    Array.from({ length: count * 4 }, (_, index) => poll(at('2026-11-20T00:00:00Z') + index * 15 * minuteMs))

  test('ahead for one run: one quarter of the detail is lost, and the days stay', () => {
    const before = documentOf(hours(24))
    const ahead = addPoll(before, name, poll('2026-11-28T00:00:00Z'))
    const back = addPoll(ahead, name, poll('2026-11-21T00:00:00Z'))
    expect(back.quarters).toHaveLength(96)
    expect(back.quarters.at(-1)?.quarter).toBe(20 * 96)
    expect(back.quarters[0]?.quarter).toBe(19 * 96 + 1)
    expect(back.days.map(({ day, polls }) => [day, polls])).toEqual([
      [20, 96],
      [21, 1],
      [28, 1],
    ])
    expect(back.last.atMs).toBe(at('2026-11-21T00:00:00Z'))
  })

  test('back by a day: the run is counted where its clock says, in order', () => {
    const document = documentOf([poll('2026-11-21T10:00:00Z'), poll('2026-11-20T10:00:00Z'), poll('2026-11-21T10:01:00Z')])
    expect(document.days.map(({ day, polls }) => [day, polls])).toEqual([
      [20, 1],
      [21, 2],
    ])
    expect(document.quarters.map(({ quarter }) => quarter)).toEqual(
      [...document.quarters.map(({ quarter }) => quarter)].sort((a, b) => a - b),
    )
  })

  test('back within the hour costs nothing', () => {
    const document = documentOf([poll('2026-11-21T10:40:00Z'), poll('2026-11-21T10:01:00Z')])
    expect(document.quarters).toHaveLength(2)
  })
})

test('a month of bad polls every minute, with the longest names, stays under 55 kB, and one of good ones under 12 kB', () => {
  const names = (ms: number): string[] => Array.from({ length: 4 }, (_, index) => `${ms % 7}-${index}-${'x'.repeat(72)}`)
  const month = (change: (ms: number) => Partial<Poll>): number => {
    // A run each quarter of an hour makes a document as large as one each minute: only the counts differ.
    const polls = Array.from({ length: 30 * 96 }, (_, index) => at('2026-11-01T00:00:00Z') + index * 15 * minuteMs)
    return serializeHistory(documentOf(polls.map((ms) => poll(ms, change(ms))))).byteLength
  }
  const lag = { lagBytes: 123_456_789, lagSeconds: 12.345 }
  expect(month((ms) => ({ ...lag, result: 'bad', failedChecks: names(ms), message: 'm'.repeat(300) }))).toBeLessThan(55_000)
  expect(month(() => lag)).toBeLessThan(12_000)
})

describe('bytes that are no document', () => {
  const good = documentOf([poll('2026-11-22T10:01:00Z')])
  const changed = (change: object): Uint8Array => Buffer.from(JSON.stringify({ ...good, ...change }))

  test('a document survives being written and read', () => {
    expect(parseHistory(serializeHistory(good))).toEqual({ document: good })
  })

  test.each<[string, Uint8Array, string, boolean]>([
    ['nothing', Buffer.alloc(0), 'is no JSON', false],
    ['cut off', serializeHistory(good).subarray(0, 60), 'is no JSON', false],
    ['no UTF-8', Buffer.from([0x7b, 0xff, 0x7d]), 'is no JSON', false],
    ['a list', Buffer.from('[]'), 'is not what Ballast writes (at its top)', false],
    ['an unknown key', changed({ more: 1 }), 'is not what Ballast writes (at its top)', false],
    ['a negative count', changed({ days: [{ day: 1, polls: -1 }] }), 'is not what Ballast writes (at days.0.polls)', false],
    ['day 32', changed({ days: [{ day: 32, polls: 1 }] }), 'is not what Ballast writes (at days.0.day)', false],
    ['a newer format', changed({ format: 2 }), 'has the format 2 of a newer Ballast', true],
  ])('%s', (_, bytes, fault, newer) => {
    expect(parseHistory(bytes)).toEqual({ fault, newer })
  })
})

test('a day has 96 quarters: what is older is no detail any more', () => {
  const start = at('2026-11-10T00:00:00Z')
  const polls = Array.from({ length: 3 * 96 }, (_, index) => poll(start + index * 15 * minuteMs))
  const { quarters, days } = documentOf(polls)
  expect(quarters).toHaveLength(96)
  expect(quarters[0]?.quarter).toBe((start + 2 * dayMs - at('2026-11-01T00:00:00Z')) / (15 * minuteMs))
  expect(days.map(({ polls: count }) => count)).toEqual([96, 96, 96])
})
