import { describe, expect, test } from 'vitest'
import { nextDueMs, runsPerDay } from '../../../config/due.ts'
import { whenOf } from '../../support/when.ts'

function next(text: string, timeZone: string, after: string): string {
  return new Date(nextDueMs(whenOf(text), timeZone, Date.parse(after))).toISOString()
}

test.each([
  ['every 1 minute', 'UTC', '2026-11-25T12:00:00Z', '2026-11-25T12:01:00.000Z'],
  ['every 15 minutes', 'UTC', '2026-11-25T12:14:59.999Z', '2026-11-25T12:15:00.000Z'],
  ['daily at 03:00', 'America/Sao_Paulo', '2026-11-25T05:59:00Z', '2026-11-25T06:00:00.000Z'],
  ['daily at 03:00', 'America/Sao_Paulo', '2026-11-25T06:00:00Z', '2026-11-26T06:00:00.000Z'],
  ['daily at 03:07', 'Asia/Kathmandu', '2026-11-25T00:00:00Z', '2026-11-25T21:22:00.000Z'],
  ['weekly on sunday at 05:00', 'UTC', '2026-11-25T00:00:00Z', '2026-11-29T05:00:00.000Z'],
  ['monthly on 1 at 00:00', 'America/Sao_Paulo', '2026-12-01T02:59:00Z', '2026-12-01T03:00:00.000Z'],
  ['quarterly on 15 at 02:00', 'UTC', '2026-11-25T00:00:00Z', '2027-01-15T02:00:00.000Z'],
  ['0 0 31 12 *', 'UTC', '2026-12-31T00:00:00Z', '2027-12-31T00:00:00.000Z'],
])('%s in %s, after %s: %s', (text, timeZone, after, expected) => {
  expect(next(text, timeZone, after)).toBe(expected)
})

describe('clocks that change', () => {
  test('a time that is skipped in spring is due at the end of the gap', () => {
    expect(next('daily at 02:30', 'Europe/Berlin', '2026-03-28T12:00:00Z')).toBe('2026-03-29T01:00:00.000Z')
  })

  test('a time that comes twice in autumn comes the first time', () => {
    expect(next('daily at 02:30', 'Europe/Berlin', '2026-10-24T12:00:00Z')).toBe('2026-10-25T00:30:00.000Z')
  })

  test('a half hour, as on Lord Howe Island', () => {
    expect(next('daily at 02:45', 'Australia/Lord_Howe', '2026-10-03T00:00:00Z')).toBe('2026-10-03T15:45:00.000Z')
  })
})

test('the 29th of February may be years away, and the 30th never comes', () => {
  expect(next('0 0 29 2 *', 'UTC', '2026-11-25T00:00:00Z')).toBe('2028-02-29T00:00:00.000Z')
  expect(() => nextDueMs({ ...whenOf('0 0 29 2 *'), daysOfMonth: [30] }, 'UTC', 0)).toThrow(RangeError)
})

test.each([
  ['every 1 minute', 1440],
  ['every 6 hours', 4],
  ['daily at 03:00', 1],
  ['weekly on sunday at 05:00', undefined],
  ['monthly on 1 at 05:00', undefined],
])('%s: %s runs on every day', (text, expected) => {
  expect(runsPerDay(whenOf(text))).toBe(expected)
})
