import type { LoadPoint } from './load-record.ts'

/**
 * Points put together to at most so many, each at the end of its step.
 *
 * @param isAveraged which series become means over a longer step; of all others the largest is kept, so that no peak is lost.
 */
export function summedUp(
  points: readonly LoadPoint[],
  most: number,
  isAveraged: (field: keyof LoadPoint) => boolean,
): LoadPoint[] {
  const size = Math.max(1, Math.ceil(points.length / most))
  return Array.from({ length: Math.ceil(points.length / size) }, (_, index) =>
    together(points.slice(index * size, (index + 1) * size), isAveraged),
  )
}

function together(points: readonly LoadPoint[], isAveraged: (field: keyof LoadPoint) => boolean): LoadPoint {
  const fields = new Set(points.flatMap((point) => Object.keys(point) as (keyof LoadPoint)[]))
  const values = [...fields].map((field) => {
    const known = points.flatMap((point) => point[field] ?? [])
    const sum = known.reduce((total, one) => total + one, 0)
    return [field, isAveraged(field) ? sum / known.length : Math.max(...known)]
  })
  return Object.fromEntries(values) as LoadPoint
}
