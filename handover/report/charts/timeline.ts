import { scaleLinear } from 'd3-scale'
import { type Html, html } from '../../../functions/runtime/page/html.ts'
import { chartWidth } from './line-chart.ts'
import { spread } from './spread.ts'

/** What happened in a drill, and when. */
export interface Timeline {
  /** Unique in the page, and the same for the same report. */
  id: string
  title: string
  description: string
  /** Milliseconds after the start, of each event; the list below the drawing says what they were. */
  eventsMs: readonly number[]
  /** How long all of it took. */
  totalMs: number
  startName: string
  endName: string
}

const [from, to] = [14, chartWidth - 14] as const
const [numbersAt, lineAt, height] = [14, 48, 66] as const
const radius = 10

/** A line of time with a number for each event, each number over its moment, or as near to it as the others leave room. */
export function timeline({ id, title, description, eventsMs, totalMs, startName, endName }: Timeline): Html {
  const x = scaleLinear([0, Math.max(totalMs, ...eventsMs, 1)], [from, to])
  const moments = eventsMs.map((ms) => round(x(ms)))
  const distance = Math.min(2 * radius + 3, (to - from) / Math.max(1, moments.length))
  const places = spread(moments, distance, from, to).map(round)
  const marks = moments.map((moment, index) => {
    const place = places[index] ?? moment
    return html`<path class="stem" d="M${place} ${numbersAt + radius}L${moment} ${lineAt - 8}V${lineAt}"/><circle class="event" cx="${place}" cy="${numbersAt}" r="${radius}"/><text class="number" x="${place}" y="${numbersAt + 4}">${index + 1}</text>`
  })
  return html`<svg class="timeline" viewBox="0 0 ${chartWidth} ${height}" role="img" aria-labelledby="${id}-title ${id}-text"><title id="${id}-title">${title}</title><desc id="${id}-text">${description}</desc><path class="axis" d="M${from} ${lineAt}H${to}"/><path class="axis" d="M${from} ${lineAt - 4}v8M${to} ${lineAt - 4}v8"/>${marks}<text class="tick" x="${from}" y="${lineAt + 15}">${startName}</text><text class="tick end" x="${to}" y="${lineAt + 15}">${endName}</text></svg>`
}

function round(value: number): number {
  return Math.round(value * 10) / 10
}
