import { expect, test } from 'vitest'
import { parseWhen } from '../../../config/index.ts'
import { onCalendar } from '../../../config/on-calendar.ts'

function calendar(text: string, timeZone: string): string {
  const verdict = parseWhen(text)
  if ('value' in verdict) return onCalendar(verdict.value, timeZone)
  throw new Error(verdict.rule)
}

test.each([
  ['daily at 03:05', '*-*-* 03:05:00 America/Sao_Paulo'],
  ['every 6 hours', '*-*-* 00..18/6:00:00 America/Sao_Paulo'],
  ['weekly on sunday at 05:00', 'Sun *-*-* 05:00:00 America/Sao_Paulo'],
  ['monthly on 15 at 04:30', '*-*-15 04:30:00 America/Sao_Paulo'],
  ['quarterly on 1 at 04:00', '*-01..10/3-01 04:00:00 America/Sao_Paulo'],
  ['0 3 * * 1-5', 'Mon,Tue,Wed,Thu,Fri *-*-* 03:00:00 America/Sao_Paulo'],
  ['1,4,9 2-4 * * *', '*-*-* 02..04:01,04,09:00 America/Sao_Paulo'],
])('%s', (text, expected) => {
  expect(calendar(text, 'America/Sao_Paulo')).toBe(expected)
})

test.each([
  ['every 1 minute', 'America/New_York', '*-*-* *:*:00 UTC'],
  ['every 15 minutes', 'Asia/Kathmandu', '*-*-* *:00..45/15:00 UTC'],
  ['every hour', 'America/New_York', '*-*-* *:00:00 UTC'],
  ['every hour', 'Asia/Kolkata', '*-*-* *:00:00 Asia/Kolkata'],
  ['every hour', 'Australia/Lord_Howe', '*-*-* *:00:00 Australia/Lord_Howe'],
  ['every 12 hours', 'America/New_York', '*-*-* 00,12:00:00 America/New_York'],
  ['0 * 1 * *', 'America/New_York', '*-*-01 *:00:00 America/New_York'],
])('%s in %s: in UTC only where that means the same', (text, timeZone, expected) => {
  expect(calendar(text, timeZone)).toBe(expected)
})
