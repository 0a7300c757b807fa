import { type ScaleLinear, scaleLinear } from 'd3-scale'
import { line } from 'd3-shape'
import { type Html, html } from '../../../functions/runtime/page/html.ts'
import { largest, type Values } from './series.ts'
import { spread } from './spread.ts'

/** A quantity in a chart. Lines are told apart by their dashes and by the names at their ends. */
export interface Line {
  name: string
  values: Values
}

/** A chart of quantities with one unit over time. */
export interface LineChart {
  /** Unique in the page, and the same for the same report. */
  id: string
  title: string
  /** In words, for those who do not see it. */
  description: string
  /** Seconds after the start, one for each value. */
  seconds: readonly number[]
  lines: readonly Line[]
  limit?: { value: number; name: string }
  /** A value of the upward axis, without its unit. */
  tick: (value: number) => string
  /** Of the sideways axis, in seconds. */
  timeTick: (seconds: number) => string
}

export const chartWidth = 720
const height = 128
const frame = { left: 56, right: chartWidth - 138, top: 12, bottom: height - 24 } as const
/** Sizes of marks, in units of the drawing. */
const sampleWidth = 20
const lineHeight = 14

/** Draws a chart; undefined where none of its quantities was ever read. */
export function lineChart(chart: LineChart): Html | undefined {
  const known = chart.lines.filter(({ values }) => largest(values) !== undefined)
  if (known.length === 0) return undefined
  const top = Math.max(chart.limit?.value ?? 0, ...known.map(({ values }) => largest(values) ?? 0))
  const y = scaleLinear([0, top > 0 ? top * 1.06 : 1], [frame.bottom, frame.top])
  const x = scaleLinear([0, chart.seconds.at(-1) ?? 1], [frame.left, frame.right])
  const shape = line<number | undefined>()
    .defined((value) => value !== undefined)
    .x((_, index) => round(x(chart.seconds[index] ?? 0)))
    .y((value) => round(y(value ?? 0)))
  const paths = known.map(({ values }, index) => html`<path class="line line-${index + 1}" d="${shape([...values]) ?? ''}"/>`)
  return html`<svg class="chart" viewBox="0 0 ${chartWidth} ${height}" role="img" aria-labelledby="${chart.id}-title ${chart.id}-text"><title id="${chart.id}-title">${chart.title}</title><desc id="${chart.id}-text">${chart.description}</desc>${axes(x, y, chart)}${paths}${limitLine(y, chart)}${lineNames(y, known)}</svg>`
}

type Scale = ScaleLinear<number, number>

function axes(x: Scale, y: Scale, { tick, timeTick }: LineChart): Html {
  const levels = y.ticks(4).map((value) => {
    const at = round(y(value))
    return html`<path class="grid" d="M${frame.left} ${at}H${frame.right}"/><text class="tick end" x="${frame.left - 6}" y="${at + 4}">${tick(value)}</text>`
  })
  const times = timeTicks(x.domain()[1] ?? 1).map((seconds) => {
    const at = round(x(seconds))
    return html`<path class="grid" d="M${at} ${frame.bottom}v4"/><text class="tick middle" x="${at}" y="${frame.bottom + 17}">${timeTick(seconds)}</text>`
  })
  return html`${levels}${times}<path class="axis" d="M${frame.left} ${frame.bottom}H${frame.right}"/>`
}

/** Steps that people count time in, of which the first with at most six ticks is taken. */
const steps = [1, 2, 5, 10, 15, 30, 60, 120, 300, 600, 900, 1800, 3600, 7200, 14_400, 28_800] as const

function timeTicks(end: number): number[] {
  const step = steps.find((one) => end / one <= 6) ?? 86_400
  return Array.from({ length: Math.floor(end / step) + 1 }, (_, index) => index * step)
}

function limitLine(y: Scale, { limit }: LineChart): Html | undefined {
  if (limit === undefined) return undefined
  const at = round(y(limit.value))
  return html`<path class="limit" d="M${frame.left} ${at}H${frame.right}"/><text class="tick halo" x="${frame.left + 6}" y="${at - 4 < frame.top + 8 ? at + 13 : at - 4}">${limit.name}</text>`
}

/** The name of each line at its end, with a piece of it, none over another. */
function lineNames(y: Scale, lines: readonly Line[]): Html[] {
  const ends = lines.map(({ values }) => y(values.findLast((value) => value !== undefined) ?? 0))
  const places = spread(ends, lineHeight, frame.top, frame.bottom)
  const from = frame.right + 8
  return lines.map(({ name }, index) => {
    const at = round(places[index] ?? 0)
    return html`<path class="line line-${index + 1}" d="M${from} ${at}h${sampleWidth}"/><text class="tick" x="${from + sampleWidth + 6}" y="${at + 4}">${name}</text>`
  })
}

function round(value: number): number {
  return Math.round(value * 10) / 10
}
