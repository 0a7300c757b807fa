import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import {
  formatBytes,
  formatDurationMs,
  parseBytes,
  parseDurationMs,
  parsePercent,
  parsePerSecond,
} from '../../../config/index.ts'

describe('sizes', () => {
  it.each([
    ['0 B', 0],
    ['1 B', 1],
    ['10 MB', 10_000_000],
    ['10MB', 10_000_000],
    ['1.5 GB', 1_500_000_000],
    ['1.1 GB', 1_100_000_000],
    ['1 KiB', 1024],
    ['0.5 KiB', 512],
    ['1 GiB', 1_073_741_824],
    ['2 TB', 2_000_000_000_000],
  ])('%s', (text, bytes) => {
    expect(parseBytes(text)).toEqual({ value: bytes })
  })

  it.each([
    '',
    '10',
    'MB',
    '10 mb',
    '10 Mb',
    '10 MiBs',
    '-1 MB',
    '1e3 MB',
    '0.5 B',
    '1.0001 kB',
    '9999999 TB',
    '1,5 GB',
    '1 MB 2 kB',
  ])('refuses %j', (text) => {
    expect(parseBytes(text)).toHaveProperty('rule', `'${text}' is not a size`)
  })

  it('come back from their text', () => {
    fc.assert(
      fc.property(fc.maxSafeNat(), (bytes) => {
        expect(parseBytes(formatBytes(bytes))).toEqual({ value: bytes })
      }),
    )
    fc.assert(
      fc.property(fc.nat(1000), fc.constantFrom('B', 'kB', 'MB', 'GB', 'TB', 'KiB', 'MiB', 'GiB', 'TiB'), (count, unit) => {
        const verdict = parseBytes(`${count} ${unit}`)
        expect('value' in verdict && parseBytes(formatBytes(verdict.value))).toEqual(verdict)
      }),
    )
  })
})

describe('durations', () => {
  it.each([
    ['200 ms', 200],
    ['1 s', 1000],
    ['0.5 s', 500],
    ['15 min', 900_000],
    ['1 hour', 3_600_000],
    ['6 hours', 21_600_000],
    ['30 days', 2_592_000_000],
    ['2 weeks', 1_209_600_000],
    ['1 year', 31_536_000_000],
  ])('%s', (text, ms) => {
    expect(parseDurationMs(text)).toEqual({ value: ms })
  })

  it.each(['', '5', '5 m', '1 month', '0.5 ms', '-1 s', '1h30', 'soon'])('refuses %j', (text) => {
    expect(parseDurationMs(text)).toHaveProperty('rule', `'${text}' is not a duration`)
  })

  it('come back from their text', () => {
    fc.assert(
      fc.property(fc.nat(1_000_000), fc.constantFrom(1, 1000, 60_000, 3_600_000, 86_400_000), (count, unit) => {
        expect(parseDurationMs(formatDurationMs(count * unit))).toEqual({ value: count * unit })
      }),
    )
  })
})

describe('shares and rates', () => {
  it('come back from their text', () => {
    fc.assert(
      fc.property(fc.integer({ min: 0, max: 100_000_000 }), (millionths) => {
        const percent = millionths / 1_000_000
        expect(parsePercent(`${percent.toFixed(6)} %`)).toEqual({ value: percent })
      }),
    )
    fc.assert(
      fc.property(fc.nat(1_000_000), (rate) => {
        expect(parsePerSecond(`${rate} /s`)).toEqual({ value: rate })
      }),
    )
  })

  it.each([
    ['99.9 %', 99.9],
    ['0%', 0],
    ['100 %', 100],
  ])('%s', (text, percent) => {
    expect(parsePercent(text)).toEqual({ value: percent })
  })

  it('counts a rate by the second', () => {
    expect(parsePerSecond('3000 /min')).toEqual({ value: 50 })
    expect(parsePerSecond('0.5 /s')).toEqual({ value: 0.5 })
  })

  it.each(['100.1 %', '-1 %', '5', '% 5', '5 percent'])('refuses the share %j', (text) => {
    expect(parsePercent(text)).toHaveProperty('rule', `'${text}' is not a percentage`)
  })

  it.each(['50', '50 /h', '/s', '-5 /s'])('refuses the rate %j', (text) => {
    expect(parsePerSecond(text)).toHaveProperty('rule', `'${text}' is not a rate`)
  })
})

it('never throws, whatever is parsed', () => {
  fc.assert(
    fc.property(fc.anything(), (raw) => {
      for (const parse of [parseBytes, parseDurationMs, parsePercent, parsePerSecond]) {
        const verdict = parse(raw)
        if ('value' in verdict) expect(Number.isFinite(verdict.value)).toBe(true)
        else expect(verdict.fix).not.toBe('')
      }
    }),
  )
})
