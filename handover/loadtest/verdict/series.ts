import type { LoadPoint } from '../../records/load-record.ts'

/** One number out of a series, and how many points it comes from. */
export interface SeriesValue {
  value: number
  samples: number
}

export type PointField = Exclude<keyof LoadPoint, 'atMs'>

/** The largest of a series; undefined where no point has it. */
export function largest(points: readonly LoadPoint[], field: PointField): SeriesValue | undefined {
  return summed(points, field, (values) => values.reduce((most, value) => Math.max(most, value), 0))
}

/** The mean of a series; undefined where no point has it. */
export function mean(points: readonly LoadPoint[], field: PointField): SeriesValue | undefined {
  return summed(points, field, (values) => values.reduce((sum, value) => sum + value, 0) / values.length)
}

function summed(
  points: readonly LoadPoint[],
  field: PointField,
  of: (values: readonly number[]) => number,
): SeriesValue | undefined {
  const values = points.flatMap((point) => point[field] ?? [])
  return values.length === 0 ? undefined : { value: of(values), samples: values.length }
}
