import fc from 'fast-check'
import { describe, expect, it, test } from 'vitest'
import { latestDueMs } from '../../../config/due.ts'
import { parseWhen, type When } from '../../../config/when.ts'

const minuteMs = 60_000
const dayMs = 86_400_000

function whenOf(text: string): When {
  const verdict = parseWhen(text)
  if ('value' in verdict) return verdict.value
  throw new Error(`${text}: ${verdict.rule}`)
}

function due(text: string, timeZone: string, now: string): string {
  return new Date(latestDueMs(whenOf(text), timeZone, Date.parse(now))).toISOString().slice(0, 16)
}

test.each([
  ['every 6 hours', 'UTC', '2026-11-25T06:00:00Z', '2026-11-25T06:00'],
  ['every 6 hours', 'UTC', '2026-11-25T05:59:59.999Z', '2026-11-25T00:00'],
  ['every 6 hours', 'America/Sao_Paulo', '2026-11-25T06:00:00Z', '2026-11-25T03:00'],
  ['daily at 03:00', 'America/Sao_Paulo', '2026-11-25T05:00:00Z', '2026-11-24T06:00'],
  ['weekly on sunday at 05:00', 'UTC', '2026-11-25T05:00:00Z', '2026-11-22T05:00'],
  ['monthly on 1 at 04:00', 'UTC', '2026-11-01T03:59:00Z', '2026-10-01T04:00'],
  ['quarterly on 15 at 02:00', 'UTC', '2026-11-25T05:00:00Z', '2026-10-15T02:00'],
  ['*/15 * * * *', 'Asia/Kathmandu', '2026-11-25T05:07:00Z', '2026-11-25T05:00'],
  ['0 0 29 2 *', 'UTC', '2027-11-25T05:00:00Z', '2024-02-29T00:00'],
])('%s in %s at %s was due at %s', (text, timeZone, now, expected) => {
  expect(due(text, timeZone, now)).toBe(expected)
})

describe('where clocks change', () => {
  it.each([
    ['in a gap: at its end', 'daily at 02:30', '2026-03-29T00:59:00Z', '2026-03-28T01:30'],
    ['in a gap: at its end', 'daily at 02:30', '2026-03-29T01:00:00Z', '2026-03-29T01:00'],
    ['twice: the first time', 'daily at 02:30', '2026-10-25T00:30:00Z', '2026-10-25T00:30'],
    ['twice: the first time', 'daily at 02:30', '2026-10-25T01:45:00Z', '2026-10-25T00:30'],
    ['twice, but around the clock: both times', 'every 30 minutes', '2026-10-25T00:30:00Z', '2026-10-25T00:30'],
    ['twice, but around the clock: both times', 'every 30 minutes', '2026-10-25T01:30:00Z', '2026-10-25T01:30'],
  ])('a time that comes %s (%s at %s)', (_, text, now, expected) => {
    expect(due(text, 'Europe/Berlin', now)).toBe(expected)
  })
})

test('a schedule that never runs is an error', () => {
  const never = { ...whenOf('daily at 03:00'), months: [2], daysOfMonth: [30] }
  expect(() => latestDueMs(never, 'UTC', Date.now())).toThrow(RangeError)
})

const zones = [
  'UTC',
  'America/Sao_Paulo',
  'Europe/Berlin',
  'America/New_York',
  'Australia/Lord_Howe',
  'Asia/Kathmandu',
  'Africa/Casablanca',
  'Pacific/Apia',
  'America/Havana',
]
const format = new Map(
  zones.map((timeZone) => [
    timeZone,
    new Intl.DateTimeFormat('en-US', {
      timeZone,
      hourCycle: 'h23',
      year: 'numeric',
      month: 'numeric',
      day: 'numeric',
      hour: 'numeric',
      minute: 'numeric',
    }),
  ]),
)

/** What a clock shows at a moment, as the moment at which a clock at UTC shows it. */
function shown(timeZone: string, ms: number): number {
  const parts = new Map(
    format
      .get(timeZone)
      ?.formatToParts(ms)
      .map(({ type, value }) => [type, Number(value)]),
  )
  const part = (type: Intl.DateTimeFormatPartTypes): number => parts.get(type) ?? 0
  return Date.UTC(part('year'), part('month') - 1, part('day'), part('hour'), part('minute'))
}

function matches({ minutes, hours, daysOfMonth, months, weekdays }: When, localMs: number): boolean {
  const date = new Date(localMs)
  return (
    minutes.includes(date.getUTCMinutes()) &&
    hours.includes(date.getUTCHours()) &&
    daysOfMonth.includes(date.getUTCDate()) &&
    months.includes(date.getUTCMonth() + 1) &&
    weekdays.includes(date.getUTCDay())
  )
}

/** Walks minute by minute through the days before, as somebody who watches a clock would. */
function watched(when: When, timeZone: string, nowMs: number): number | undefined {
  const seen = new Set<number>()
  const startMs = Math.floor(nowMs / minuteMs) * minuteMs - 1.5 * dayMs
  let [latest, before] = [undefined as number | undefined, shown(timeZone, startMs - minuteMs)]
  for (let ms = startMs; ms <= nowMs; ms += minuteMs) {
    const local = shown(timeZone, ms)
    const skipped: number[] = []
    for (let passed = before + minuteMs; passed < local; passed += minuteMs) skipped.push(passed)
    const again = seen.has(local) && when.hours.length < 24
    if ((matches(when, local) && !again) || skipped.some((passed) => matches(when, passed))) latest = ms
    seen.add(local)
    before = local
  }
  return latest
}

/** Around a change of clocks, or anywhere. */
const moments = fc.oneof(
  fc
    .constantFrom(
      '2026-03-29T01:00:00Z',
      '2026-10-25T01:00:00Z',
      '2026-03-08T07:00:00Z',
      '2026-11-01T06:00:00Z',
      '2026-04-04T15:00:00Z',
      '2026-10-03T15:30:00Z',
      '2018-11-04T03:00:00Z',
      '2011-12-30T10:00:00Z',
      '2026-03-08T05:00:00Z',
      '2026-02-15T02:00:00Z',
    )
    .chain((text) => fc.integer({ min: -2_000, max: 2_000 }).map((minutes) => Date.parse(text) + minutes * minuteMs)),
  fc.integer({ min: Date.UTC(2024, 0, 1), max: Date.UTC(2030, 0, 1) }),
)

const schedules = fc.record({
  minutes: fc.uniqueArray(fc.integer({ min: 0, max: 59 }), { minLength: 1, maxLength: 4 }),
  hours: fc.oneof(
    fc.constant(Array.from({ length: 24 }, (_, hour) => hour)),
    fc.uniqueArray(fc.integer({ min: 0, max: 23 }), { minLength: 1, maxLength: 4 }),
  ),
})

test('agrees with somebody who watches the clock', () => {
  fc.assert(
    fc.property(schedules, fc.constantFrom(...zones), moments, ({ minutes, hours }, timeZone, nowMs) => {
      const when = { ...whenOf('every 1 minute'), minutes, hours }
      const expected = watched(when, timeZone, nowMs)
      expect(expected).toBeDefined()
      expect(new Date(latestDueMs(when, timeZone, nowMs)).toISOString()).toBe(new Date(expected ?? 0).toISOString())
    }),
    { numRuns: 100 },
  )
}, 120_000)
