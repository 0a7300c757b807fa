import type { SeriesPoint } from '../../../functions/platform/k6/request-series.ts'
import type { LoadPoint } from '../../records/load-record.ts'

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

/** Fewer points for a record: rates become means, and of everything else the largest is kept, so that no peak is lost. To a thousandth. */
export function thinned(points: readonly LoadPoint[], most = mostPoints): LoadPoint[] {
  const size = Math.max(1, Math.ceil(points.length / most))
  return Array.from({ length: Math.ceil(points.length / size) }, (_, index) =>
    merged(points.slice(index * size, (index + 1) * size)),
  )
}

function merged(points: readonly LoadPoint[]): LoadPoint {
  const fields = new Set(points.flatMap((point) => Object.keys(point) as (keyof LoadPoint)[]))
  const values = [...fields].map((field) => {
    const known = points.flatMap((point) => point[field] ?? [])
    const isRate = field.endsWith('PerSecond')
    const value = isRate ? known.reduce((sum, one) => sum + one, 0) / known.length : Math.max(...known)
    return [field, Math.round(value * 1000) / 1000]
  })
  return Object.fromEntries(values) as LoadPoint
}
