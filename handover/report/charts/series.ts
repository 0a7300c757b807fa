import type { LoadPoint } from '../../records/load-record.ts'

/** One measured quantity over time; a step in which it was not read has no value. */
export type Values = readonly (number | undefined)[]

/** What the points of a load test hold, beside their time. */
export type PointKey = Exclude<keyof LoadPoint, 'atMs'>

/** Rates and shares are averaged over a longer step; of everything else the worst is kept, so that no peak is smoothed away. */
const averaged: ReadonlySet<PointKey> = new Set(['requestsPerSecond', 'failedPerSecond', 'cpuPercent', 'generatorCpuPercent'])

/** Points put together to at most so many, each at the end of its step. */
export function summedUp(points: readonly LoadPoint[], most: number): LoadPoint[] {
  const size = Math.ceil(points.length / most)
  if (size <= 1) return [...points]
  const count = Math.ceil(points.length / size)
  return Array.from({ length: count }, (_, index) => together(points.slice(index * size, (index + 1) * size)))
}

function together(points: readonly LoadPoint[]): LoadPoint {
  const keys = new Set(points.flatMap((point) => Object.keys(point) as (keyof LoadPoint)[]))
  const whole: LoadPoint = { atMs: points.at(-1)?.atMs ?? 0 }
  for (const key of keys) {
    if (key === 'atMs') continue
    const values = points.flatMap((point) => point[key] ?? [])
    const sum = values.reduce((total, value) => total + value, 0)
    whole[key] = averaged.has(key) ? sum / values.length : Math.max(...values)
  }
  return whole
}

/** One quantity of all points. */
export function valuesOf(points: readonly LoadPoint[], key: PointKey): Values {
  return points.map((point) => point[key])
}

/** The largest that there is; undefined where nothing was read. */
export function largest(values: Values): number | undefined {
  return values.reduce((most, value) => (value === undefined ? most : Math.max(most ?? value, value)), undefined)
}
