import type { SeriesPoint } from '../../../functions/platform/k6/request-series.ts'
import type { LoadPoint } from '../../records/load-record.ts'
import { summedUp } from '../../records/summed-up.ts'

const stepMs = 1_000
/** As many as a chart can show. */
const mostPoints = 1_200

/** Puts what k6 says of each second beside the sample of the same second. */
export function withRequests(samples: readonly LoadPoint[], requests: readonly SeriesPoint[], startedMs: number): LoadPoint[] {
  const bySecond = new Map(samples.map((point) => [Math.round(point.atMs / stepMs), point]))
  for (const { endMs, requests: count, failed, latencyMs } of requests) {
    const atMs = Math.max(0, endMs - startedMs)
    const second = Math.round(atMs / stepMs)
    bySecond.set(second, {
      ...(bySecond.get(second) ?? { atMs }),
      ...{ requestsPerSecond: count, failedPerSecond: failed },
      ...(latencyMs === undefined ? {} : { p50Ms: latencyMs.p50, p95Ms: latencyMs.p95, p99Ms: latencyMs.p99 }),
    })
  }
  return [...bySecond.values()].toSorted((one, other) => one.atMs - other.atMs)
}

/** Fewer points for a record: rates become means, and of everything else the largest is kept. To a thousandth. */
export function thinned(points: readonly LoadPoint[], most = mostPoints): LoadPoint[] {
  const isRate = (field: keyof LoadPoint): boolean => field.endsWith('PerSecond')
  return summedUp(points, most, isRate).map((point) => {
    const rounded = (Object.entries(point) as [string, number][]).map(([field, value]) => [
      field,
      Math.round(value * 1000) / 1000,
    ])
    return Object.fromEntries(rounded) as LoadPoint
  })
}
