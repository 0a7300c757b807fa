import { expect, test } from 'vitest'
import { median, summarise } from '../../../bench/statistics.ts'
import { measured } from './numbers.ts'

test.each([
  [[3, 1, 2], 2],
  [[4, 1, 3, 2], 2.5],
  [[7], 7],
])('the median of %j is %d', (values, expected) => {
  expect(median(values)).toBe(expected)
})

test('no values have no median', () => {
  expect(median([])).toBeNaN()
})

test('the fastest round gives the times, and any round the peak memory', () => {
  const rounds = [
    measured('Ballast', 9, { round: 1, clientCpuSeconds: 4, peakRssBytes: 120e6 }),
    measured('Ballast', 8, { round: 2, clientCpuSeconds: 3, peakRssBytes: 110e6 }),
    measured('Ballast', 8.5, { round: 3, clientCpuSeconds: 5 }),
  ]

  expect(summarise(rounds, 'mixed', 'backup')).toEqual([
    expect.objectContaining({ seconds: 8, medianSeconds: 8.5, clientCpuSeconds: 3, peakRssBytes: 120e6, rounds: 3 }),
  ])
})

test('tools keep the order of their first round, and other datasets and operations stay out', () => {
  const runs = [
    measured('B', 1),
    measured('A', 2),
    measured('C', 3, { dataset: 'single' }),
    measured('D', 4, { operation: 'restore' }),
    measured('B', 5, { round: 2 }),
  ]

  expect(summarise(runs, 'mixed', 'backup').map(({ tool }) => tool)).toEqual(['B', 'A'])
})
