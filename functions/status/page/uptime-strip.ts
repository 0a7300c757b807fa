import { type Html, html } from '../../runtime/page/html.ts'
import type { DayState, UptimeDay } from '../status-report.ts'

const barWidth = 6
const step = 8
const height = 28
const top = 8

/** How a day is drawn: no state is told by its colour alone. */
const shapes: Readonly<Record<DayState, (x: number) => string>> = {
  good: (x) => bar(x, top),
  partial: (x) => bar(x, top + (height - top) / 2),
  // A mark above the bar, besides the colour.
  flawed: (x) => `${bar(x, top)}M${x} 6v-3h${barWidth}v3z`,
  bad: (x) => `${bar(x, top)}M${x} 6h${barWidth}l-${barWidth / 2} -6z`,
  none: (x) => bar(x, height - 3),
}

/** The states, in the order of a legend, and the class of each one's colour. */
export const dayStates: readonly (readonly [DayState, string])[] = [
  ['good', 'good'],
  ['partial', 'good'],
  ['flawed', 'flawed'],
  ['bad', 'bad'],
  ['none', 'none'],
]

/** A bar for each day, the oldest first. `label` says the same in words. */
export function uptimeStrip(days: readonly UptimeDay[], label: string): Html {
  const paths = dayStates.flatMap(([state, color]) => {
    const shape = days.map((day, index) => (day.state === state ? shapes[state](index * step) : '')).join('')
    return shape === '' ? [] : [html`<path class="${color}" d="${shape}"/>`]
  })
  const width = Math.max(step, days.length * step)
  return html`<svg class="strip" viewBox="0 0 ${width} ${height}" preserveAspectRatio="none" role="img" aria-label="${label}">${paths}</svg>`
}

/** One bar, for the legend. */
export function legendMark(state: DayState, color: string): Html {
  return html`<svg viewBox="0 0 ${barWidth} ${height}" aria-hidden="true"><path class="${color}" d="${shapes[state](0)}"/></svg>`
}

function bar(x: number, y: number): string {
  return `M${x} ${y}h${barWidth}V${height}h-${barWidth}z`
}
