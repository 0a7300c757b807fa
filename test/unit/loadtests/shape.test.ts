import fc from 'fast-check'
import { expect, test } from 'vitest'
import { peakOf, plateau, requestsOf, secondsOf, steady } from '../../../loadtests/shape.ts'

test('a plateau goes up to the rate, holds it, and goes down to nothing', () => {
  expect(plateau(50, 600)).toEqual({
    startRate: 0,
    stages: [
      { seconds: 100, rate: 50 },
      { seconds: 600, rate: 50 },
      { seconds: 100, rate: 0 },
    ],
  })
})

test('ramps have a share of their own, and are neither instant nor endless', () => {
  expect(plateau(10, 60, { up: 1 / 3, down: 1 / 6 }).stages.map(({ seconds }) => seconds)).toEqual([20, 60, 10])
  expect(plateau(10, 4).stages.map(({ seconds }) => seconds)).toEqual([2, 4, 2])
  expect(plateau(10, 14_400).stages.map(({ seconds }) => seconds)).toEqual([300, 14_400, 300])
})

test('whatever the rate and the length, the last stage ends in nothing and no stage is over the rate', () => {
  fc.assert(
    fc.property(fc.integer({ min: 1, max: 10_000 }), fc.integer({ min: 1, max: 50_000 }), (rate, seconds) => {
      const shape = plateau(rate, seconds)
      const lengths = shape.stages.map((stage) => stage.seconds)
      expect(shape.stages.at(-1)?.rate).toBe(0)
      expect(peakOf(shape)).toBe(rate)
      expect(secondsOf(shape)).toBe(lengths.reduce((sum, length) => sum + length))
      expect(secondsOf(shape) - seconds).toBeLessThanOrEqual(600)
      expect(requestsOf(shape)).toBeGreaterThan(rate * seconds)
      expect(requestsOf(shape)).toBeLessThan(rate * secondsOf(shape))
    }),
  )
})

test('requests are the area under the shape', () => {
  expect(requestsOf(steady(50, 10))).toBe(500)
  expect(requestsOf({ startRate: 0, stages: [{ seconds: 10, rate: 50 }] })).toBe(250)
  expect(
    requestsOf({
      startRate: 50,
      stages: [
        { seconds: 10, rate: 250 },
        { seconds: 10, rate: 50 },
      ],
    }),
  ).toBe(3_000)
})
