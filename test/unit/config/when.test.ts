import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { longestGapSeconds, parseWhen, shortestGapSeconds, type When } from '../../../config/index.ts'
import { fewestRunsWithin } from '../../../config/when.ts'

function parsed(text: string): When {
  const verdict = parseWhen(text)
  if ('value' in verdict) return verdict.value
  throw new Error(verdict.rule)
}

/** A schedule as a crontab line, with every value listed. */
function cronLine({ minutes, hours, daysOfMonth, months, weekdays }: When): string {
  const field = (values: readonly number[], all: number) => (values.length === all ? '*' : values.join(','))
  return [field(minutes, 60), field(hours, 24), field(daysOfMonth, 31), field(months, 12), field(weekdays, 7)].join(' ')
}

describe('schedules', () => {
  it.each([
    ['every minute', '* * * * *'],
    ['every 15 minutes', '0,15,30,45 * * * *'],
    ['every hour', '0 * * * *'],
    ['every 6 hours', '0 0,6,12,18 * * *'],
    ['every 24 hours', '0 0 * * *'],
    ['daily at 03:05', '5 3 * * *'],
    ['Weekly on Sunday at 05:00', '0 5 * * 0'],
    ['monthly on 15 at 04:30', '30 4 15 * *'],
    ['quarterly on 1 at 04:00', '0 4 1 1,4,7,10 *'],
    ['*/20 2-4 * * 1-5', '0,20,40 2,3,4 * * 1,2,3,4,5'],
    ['5/20 0 * * 7', '5,25,45 0 * * 0'],
    ['0 0 29 2 *', '0 0 29 2 *'],
  ])('%s', (text, line) => {
    expect(cronLine(parsed(text))).toBe(line)
  })

  it.each([
    '',
    'daily',
    'daily at 3:00',
    'daily at 24:00',
    'every 0 hours',
    'every 5 hours',
    'every 60 minutes',
    'every 2 days',
    'weekly on domingo at 05:00',
    'monthly on 29 at 04:00',
    'monthly on 0 at 04:00',
    '* * * *',
    '60 * * * *',
    '* 24 * * *',
    '* * 0 * *',
    '* * * 13 *',
    '* * * * 8',
    '5-1 * * * *',
    '*/0 * * * *',
    '* * 30 2 *',
    '0 0 1 * 1',
    '@daily',
    'constructor',
  ])('refuses %j', (text) => {
    expect(parseWhen(text)).toHaveProperty('fix')
  })

  it('come back from a crontab line', () => {
    const values = (min: number, max: number) => fc.uniqueArray(fc.integer({ min, max }), { minLength: 1, maxLength: 5 })
    const sorted = (numbers: readonly number[]) => [...numbers].sort((a, b) => a - b)
    fc.assert(
      fc.property(values(0, 59), values(0, 23), values(1, 28), values(1, 12), (minutes, hours, days, months) => {
        const when = parsed(`${minutes} ${hours} ${days} ${months} *`)
        expect(when).toMatchObject({
          minutes: sorted(minutes),
          hours: sorted(hours),
          daysOfMonth: sorted(days),
          months: sorted(months),
        })
        const { text: _text, ...fields } = parsed(cronLine(when))
        expect(when).toMatchObject(fields)
      }),
    )
  })

  it.each([
    [['daily at 03:00'], 24],
    [['every 6 hours'], 6],
    [['daily at 03:00', 'daily at 13:00'], 14],
    [['weekly on sunday at 05:00'], 7 * 24],
    [['monthly on 1 at 04:00'], 31 * 24],
    [['quarterly on 1 at 04:00'], 92 * 24],
  ])('%j are at most %i hours apart', (texts, hours) => {
    expect(longestGapSeconds(texts.map(parsed))).toBe(hours * 3600)
  })

  it.each([
    ['every minute', 60],
    ['daily at 03:00', 86_400],
    ['0,10 3 * * *', 600],
    ['0 4 1,3 * *', 2 * 86_400],
    ['monthly on 1 at 04:00', 28 * 86_400],
  ])('%s comes again after %i s at the earliest', (text, seconds) => {
    expect(shortestGapSeconds(parsed(text))).toBe(seconds)
  })

  it.each([
    ['daily at 05:00', 7 * 24, 7],
    ['daily at 05:00', 7 * 24 - 1, 6],
    ['daily at 05:00', 24, 1],
    ['daily at 05:00', 23, 0],
    ['every 6 hours', 24, 4],
    ['weekly on sunday at 05:00', 15 * 24, 2],
    ['0 5 * * 1-5', 7 * 24, 5],
    ['0 5 * * 1-5', 72, 1],
    ['monthly on 1 at 05:00', 31 * 24, 1],
    ['monthly on 1 at 05:00', 30 * 24, 0],
  ])('%s comes within %i hours of any run at least %i times', (text, hours, runs) => {
    expect(fewestRunsWithin(parsed(text), hours * 3600)).toBe(runs)
  })

  it('has no gap to speak of without a run', () => {
    expect(longestGapSeconds([])).toBe(Number.POSITIVE_INFINITY)
  })
})
