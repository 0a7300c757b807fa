import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { periodsIn } from '../../../functions/retention/local-periods.ts'

const at = (text: string): number => Date.parse(text)
const zones = ['UTC', 'America/Sao_Paulo', 'America/New_York', 'Europe/Lisbon', 'Asia/Kathmandu', 'Australia/Lord_Howe']
const moment = fc.integer({ min: at('1995-01-01T00:00:00Z'), max: at('2060-01-01T00:00:00Z') })

describe('the periods of a moment', () => {
  test('are those that the clocks of the zone show', () => {
    fc.assert(
      fc.property(fc.constantFrom(...zones), moment, (timeZone, ms) => {
        const shown = new Intl.DateTimeFormat('sv-SE', {
          ...{ timeZone, dateStyle: 'short', timeStyle: 'medium' },
        }).format(ms)
        expect(periodsIn(timeZone)(ms).text).toBe(shown.replace(' ', 'T').slice(0, 13))
      }),
    )
  })

  test.each([
    ['the year turns in the middle of a week', '2026-12-31T12:00:00Z', '2027-01-03T12:00:00Z', true],
    ['Sunday and Monday', '2026-11-22T23:59:59Z', '2026-11-23T00:00:00Z', false],
    ['Monday and the next Sunday', '2026-11-23T00:00:00Z', '2026-11-29T23:59:59Z', true],
  ])('weeks are ISO weeks: %s', (_, one, other, same) => {
    const periods = periodsIn('UTC')
    expect(periods(at(one)).week === periods(at(other)).week).toBe(same)
  })

  test('a day lasts from midnight to midnight there, not in UTC', () => {
    const periods = periodsIn('America/Sao_Paulo')
    expect(periods(at('2026-11-22T02:59:59Z')).day).not.toBe(periods(at('2026-11-22T03:00:00Z')).day)
    expect(periods(at('2026-11-22T03:00:00Z')).day).toBe(periods(at('2026-11-23T02:59:59Z')).day)
  })

  test('an hour that comes twice is one, and one that is left out is none', () => {
    const { text, hour } = periodsIn('America/New_York')(at('2026-11-01T05:30:00Z'))
    expect(text).toBe('2026-11-01T01')
    expect(periodsIn('America/New_York')(at('2026-11-01T06:30:00Z')).hour).toBe(hour)
    const spring = ['2026-03-08T06:30:00Z', '2026-03-08T07:30:00Z'].map((one) => periodsIn('America/New_York')(at(one)).text)
    expect(spring).toEqual(['2026-03-08T01', '2026-03-08T03'])
  })

  test('an offset that changes within a day of UTC is exact on either side', () => {
    const periods = periodsIn('Australia/Lord_Howe')
    fc.assert(
      fc.property(fc.integer({ min: at('2026-04-04T00:00:00Z'), max: at('2026-04-06T00:00:00Z') }), (ms) => {
        expect(periods(ms)).toEqual(periodsIn('Australia/Lord_Howe')(ms))
      }),
    )
  })
})
