import type { LoadPoint } from '../../records/load-record.ts'
import { summedUp } from '../../records/summed-up.ts'

/** One measured quantity over time; a step in which it was not read has no value. */
export type Values = readonly (number | undefined)[]

/** What the points of a load test hold, beside their time. */
export type PointKey = Exclude<keyof LoadPoint, 'atMs'>

/** Rates and shares are averaged over a longer step; of everything else the worst is kept. */
const averaged: ReadonlySet<keyof LoadPoint> = new Set([
  ...(['requestsPerSecond', 'failedPerSecond', 'cpuPercent', 'generatorCpuPercent'] as const),
])

/** Points put together to at most so many, to be drawn or shown in a table. */
export function shownPoints(points: readonly LoadPoint[], most: number): LoadPoint[] {
  return summedUp(points, most, (field) => averaged.has(field))
}

/** One quantity of all points. */
export function valuesOf(points: readonly LoadPoint[], key: PointKey): Values {
  return points.map((point) => point[key])
}

/** The largest that there is; undefined where nothing was read. */
export function largest(values: Values): number | undefined {
  return values.reduce((most, value) => (value === undefined ? most : Math.max(most ?? value, value)), undefined)
}
