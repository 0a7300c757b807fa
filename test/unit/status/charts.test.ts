import { describe, expect, test } from 'vitest'
import { lagBars, lagLine, lagScale } from '../../../functions/status/page/lag-chart.ts'
import { uptimeStrip } from '../../../functions/status/page/uptime-strip.ts'
import type { DayState } from '../../../functions/status/status-report.ts'

const pathOf = (svg: { text: string }, name: string): string =>
  new RegExp(`<path class="${name}" d="([^"]*)"`).exec(svg.text)?.[1] ?? ''

describe('the line of the lag', () => {
  test('is broken where nothing is known, and drawn for a quarter alone among unknown ones', () => {
    const line = pathOf(lagLine([1, 2, undefined, 3, undefined], 10, 'l'), 'lag')
    expect(line.split('M').filter(Boolean)).toHaveLength(2)
    expect(line).toContain('M432 ')
    expect(line).not.toContain('L360 ')
  })

  test('nothing known is no line, and not a line at zero', () => {
    expect(pathOf(lagLine([undefined, undefined], 10, 'l'), 'lag')).toBe('')
    expect(pathOf(lagLine([0, 0], 10, 'l'), 'lag')).toBe('M0 120L360 120L360 120L720 120')
  })

  test('shows the limit within the chart', () => {
    expect(pathOf(lagLine([1], 10, 'l'), 'limit')).toBe('M0 24H720')
    expect(pathOf(lagLine([1], undefined, 'l'), 'limit')).toBe('')
  })
})

describe('the scale', () => {
  test.each([
    [[1, 2], 10, 12.5, false],
    [[1, 40], 10, 42, false],
    [[1, 1000], 10, 50, true],
    [[1, 100], undefined, 105, false],
    [[undefined], undefined, 1, false],
  ])('of %j with the limit %s is %d', (points, limit, topBytes, isClipped) => {
    const scale = lagScale(points, limit)
    expect(scale.topBytes).toBeCloseTo(topBytes, 9)
    expect(scale.isClipped).toBe(isClipped)
  })
})

test('bars over the limit are drawn apart, a day without lag has a small one and an unknown day none', () => {
  const bars = lagBars([0, 5, 11, undefined], 10, 'l')
  expect(pathOf(bars, 'lagbar').split('M').filter(Boolean)).toEqual(['0 120V118h135V120z', expect.stringContaining('180 120V')])
  expect(pathOf(bars, 'bad').split('M').filter(Boolean)).toHaveLength(1)
})

test('no state of a day is told by its colour alone', () => {
  const states: DayState[] = ['good', 'partial', 'flawed', 'bad', 'none']
  const shapes = states.map((state) => {
    const strip = uptimeStrip([{ day: '2026-11-25', polls: 1, state }], 'l')
    return /d="([^"]*)"/.exec(strip.text)?.[1]
  })
  expect(new Set(shapes).size).toBe(states.length)
  expect(shapes).not.toContain('')
})

test('every day has its own place, the last one on the right', () => {
  const strip = uptimeStrip(
    Array.from({ length: 90 }, (_, index) => ({ day: `${index}`, polls: 1, state: index === 89 ? 'bad' : 'good' })),
    'a label with "quotes"',
  )
  expect(pathOf(strip, 'good').split('M').filter(Boolean)).toHaveLength(89)
  expect(pathOf(strip, 'bad')).toMatch(/^M712 /)
  expect(strip.text).toContain('viewBox="0 0 720 28"')
  expect(strip.text).toContain('aria-label="a label with &quot;quotes&quot;"')
})
