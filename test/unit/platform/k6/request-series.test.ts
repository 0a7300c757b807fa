import fc from 'fast-check'
import { expect, test } from 'vitest'
import { SeriesBuilder } from '../../../../functions/platform/k6/request-series.ts'
import type { RequestSample } from '../../../../functions/platform/k6/sample-lines.ts'

const sample = (atMs: number, good = true, durationMs = 10, scenario = 'a'): RequestSample => ({
  scenario,
  atMs,
  durationMs,
  good,
})

function seriesOf(samples: readonly RequestSample[], stepMs = 1_000) {
  const series = new SeriesBuilder(stepMs, ['a', 'b'])
  for (const one of samples) series.add(one)
  return series.finish()
}

test('a step has its requests, its failed ones, and the latency of the good ones', () => {
  const good = Array.from({ length: 101 }, (_, index) => sample(1_000 + index, true, index))
  expect(seriesOf([...good, sample(1_500, false, 9_999), sample(2_000, false)]).points).toEqual([
    { endMs: 2_000, requests: 102, failed: 1, latencyMs: { p50: 50, p95: 95, p99: 99 } },
    { endMs: 3_000, requests: 1, failed: 1 },
  ])
})

test('scenarios that are not measured do not count', () => {
  expect(seriesOf([sample(1_000, false, 10, 'neighbour')])).toEqual({ points: [], answers: [] })
})

test('no request is lost, in whatever order they come and however late', () => {
  fc.assert(
    fc.property(fc.array(fc.tuple(fc.integer({ min: 1_000, max: 60_000 }), fc.boolean())), (all) => {
      const { points } = seriesOf(all.map(([atMs, good]) => sample(atMs, good)))
      const sum = (key: 'requests' | 'failed') => points.reduce((total, point) => total + point[key], 0)
      expect([sum('requests'), sum('failed')]).toEqual([all.length, all.filter(([, good]) => !good).length])
      expect(points.map(({ endMs }) => endMs)).toEqual(points.map(({ endMs }) => endMs).sort((one, other) => one - other))
    }),
  )
})

test('the longest gap is between the good answers around failed ones', () => {
  const times = [
    sample(1_000),
    sample(1_100, false),
    sample(1_300),
    sample(2_000, false),
    sample(2_500, false),
    sample(4_750),
    sample(5_000),
  ]
  expect(seriesOf(times).answers).toEqual([
    { scenario: 'a', requests: 7, failed: 3, gap: { fromMs: 1_300, toMs: 4_750, failed: 2, recovered: true } },
  ])
})

test('each scenario has a gap of its own; requests that wait without failing make one too', () => {
  const times = [
    sample(1_000),
    sample(8_000, true, 6_900),
    sample(1_000, true, 10, 'b'),
    sample(1_200, false, 10, 'b'),
    sample(1_600, true, 10, 'b'),
  ]
  expect(seriesOf(times).answers).toEqual([
    { scenario: 'a', requests: 2, failed: 0, gap: { fromMs: 1_000, toMs: 8_000, failed: 0, recovered: true } },
    { scenario: 'b', requests: 3, failed: 1, gap: { fromMs: 1_000, toMs: 1_600, failed: 1, recovered: true } },
  ])
})

test('a gap that never ended says so', () => {
  expect(seriesOf([sample(1_000), sample(2_000, false), sample(3_000, false)]).answers).toEqual([
    { scenario: 'a', requests: 3, failed: 2, gap: { fromMs: 1_000, toMs: 3_000, failed: 2, recovered: false } },
  ])
  expect(seriesOf([sample(1_000, false)]).answers).toMatchObject([{ failed: 1, gap: { recovered: false } }])
})
