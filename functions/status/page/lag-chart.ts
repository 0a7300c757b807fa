import { type Html, html } from '../../runtime/page/html.ts'

/** One step of a chart: a lag, or undefined where nothing is known. */
export type LagPoint = number | undefined

const width = 720
const height = 120
/** A peak above this many limits would press everything else to the ground: it is cut, and said. */
const mostLimits = 5

/** How a chart is scaled. */
export interface LagScale {
  topBytes: number
  /** The worst value is beyond the top. */
  isClipped: boolean
}

/** The scale that shows both the limit and what there is. */
export function lagScale(points: readonly LagPoint[], limitBytes: number | undefined): LagScale {
  const worst = points.reduce<number>((most, point) => Math.max(most, point ?? 0), 0)
  if (limitBytes === undefined) return { topBytes: Math.max(1, worst * 1.05), isClipped: false }
  const topBytes = Math.max(limitBytes * 1.25, Math.min(worst * 1.05, limitBytes * mostLimits))
  return { topBytes, isClipped: worst > topBytes }
}

/** A line over time, broken where nothing is known; `label` says in words what it shows. */
export function lagLine(points: readonly LagPoint[], limitBytes: number | undefined, label: string): Html {
  const { topBytes } = lagScale(points, limitBytes)
  const step = width / Math.max(1, points.length)
  const runs = knownRuns(points).map(({ start, values }) =>
    // Every step is drawn as wide as the time that it stands for: also one alone among unknown ones is seen.
    values.flatMap((value, index) => {
      const y = yOf(value, topBytes)
      return [`${round((start + index) * step)} ${y}`, `${round((start + index + 1) * step)} ${y}`]
    }),
  )
  const areas = runs.map((corners) => {
    const [first = '', last = ''] = [corners[0], corners.at(-1)]
    return `M${first.split(' ')[0]} ${height}L${corners.join('L')}L${last.split(' ')[0]} ${height}z`
  })
  return chart(label, 'chart', limitBytes, topBytes, [
    html`<path class="area" d="${areas.join('')}"/>`,
    html`<path class="lag" d="${runs.map((corners) => `M${corners.join('L')}`).join('')}"/>`,
  ])
}

/** A bar for each step; those over the limit in another colour. Steps that nothing is known of have none. */
export function lagBars(points: readonly LagPoint[], limitBytes: number | undefined, label: string): Html {
  const { topBytes } = lagScale(points, limitBytes)
  const step = width / Math.max(1, points.length)
  const bars = (isOver: boolean): string =>
    points
      .map((value, index) => {
        if (value === undefined || value > (limitBytes ?? Number.POSITIVE_INFINITY) !== isOver) return ''
        // A day without any lag is not a day without data.
        const y = Math.min(yOf(value, topBytes), height - 2)
        return `M${round(index * step)} ${height}V${y}h${round(step * 0.75)}V${height}z`
      })
      .join('')
  const [within, over] = [bars(false), bars(true)]
  return chart(label, 'chart low', limitBytes, topBytes, [
    ...(within === '' ? [] : [html`<path class="lagbar" d="${within}"/>`]),
    ...(over === '' ? [] : [html`<path class="bad" d="${over}"/>`]),
  ])
}

function chart(label: string, name: string, limitBytes: number | undefined, topBytes: number, marks: readonly Html[]): Html {
  const grid = [1, 2, 3].map((quarter) => `M${(width / 4) * quarter} 0V${height}`).join('')
  const limit = limitBytes === undefined ? undefined : html`<path class="limit" d="M0 ${yOf(limitBytes, topBytes)}H${width}"/>`
  return html`<svg class="${name}" viewBox="0 0 ${width} ${height}" preserveAspectRatio="none" role="img" aria-label="${label}"><path class="grid" d="${grid}"/>${marks}${limit}</svg>`
}

/** Neighbours that are known, each run with its first place. */
function knownRuns(points: readonly LagPoint[]): { start: number; values: number[] }[] {
  const runs: { start: number; values: number[] }[] = []
  for (const [index, point] of points.entries()) {
    if (point === undefined) continue
    const last = runs.at(-1)
    if (last !== undefined && last.start + last.values.length === index) last.values.push(point)
    else runs.push({ start: index, values: [point] })
  }
  return runs
}

function yOf(bytes: number, topBytes: number): number {
  return round(height - (Math.min(bytes, topBytes) / topBytes) * height)
}

function round(value: number): number {
  return Math.round(value * 10) / 10
}
