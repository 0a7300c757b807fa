import { type Html, html } from '../../../functions/runtime/page/html.ts'
import type { LoadPoint, LoadRecord } from '../../records/load-record.ts'
import type { Texts } from '../../texts/texts.ts'
import { type LineChart, lineChart } from '../charts/line-chart.ts'
import { largest, type PointKey, shownPoints, valuesOf } from '../charts/series.ts'
import { wide } from './parts.ts'
import type { View } from './view.ts'

interface Panel {
  key: keyof Texts['charts']
  /** What is drawn, and the name of each line. */
  lines: Partial<Record<PointKey, keyof Texts['lines']>>
  /** What a line of the chart is held against. */
  limit?: 'goalP95' | 'plannedRate'
}

/** From the answers down to the database, all over the same time. */
const panels: readonly Panel[] = [
  { key: 'latency', lines: { p99Ms: 'p99', p95Ms: 'p95', p50Ms: 'p50' }, limit: 'goalP95' },
  { key: 'throughput', lines: { requestsPerSecond: 'requests', failedPerSecond: 'failed' }, limit: 'plannedRate' },
  { key: 'waiting', lines: { clientsWaiting: 'waitingClients' } },
  { key: 'longestWait', lines: { longestWaitMs: 'longestWait' } },
  {
    key: 'connections',
    lines: { clientConnections: 'clients', serverConnections: 'servers', databaseConnections: 'database' },
  },
  { key: 'lag', lines: { lagMs: 'lag' } },
  { key: 'processor', lines: { cpuPercent: 'machine', generatorCpuPercent: 'generator' } },
]

/** Steps that a chart shows at most: more could not be told apart on paper. */
const mostSteps = 240

/** What went on during a load test, over time. What was never read is said to be missing. */
export function loadCharts(view: View, record: LoadRecord): Html {
  const points = shownPoints(record.points, mostSteps)
  const drawn = panels.map((panel) => ({ name: view.texts.charts[panel.key], chart: chartOf(view, record, panel, points) }))
  const figures = drawn.flatMap(({ name, chart }) => (chart === undefined ? [] : [figure(name, chart)]))
  const missing = drawn.filter(({ chart }) => chart === undefined).map(({ name }) => name)
  const note = missing.length === 0 ? undefined : html`<p class="note">${view.texts.notSampled(missing.join('; '))}</p>`
  return html`<div class="charts">${figures}</div>${note}`
}

function figure(name: string, chart: Html): Html {
  return html`<figure><figcaption>${name}</figcaption>${wide(name, chart)}</figure>`
}

function chartOf(view: View, record: LoadRecord, { key, lines, limit }: Panel, points: readonly LoadPoint[]): Html | undefined {
  const { texts, numbers } = view
  const drawn = Object.entries(lines).map(([point, name]) => ({
    name: texts.lines[name],
    values: valuesOf(points, point as PointKey),
  }))
  const held = limit === undefined ? undefined : limitOf(view, record, limit)
  return lineChart({
    ...{ id: `load-${record.name}-${key}`, title: texts.charts[key], lines: drawn },
    ...{ tick: numbers.plain, timeTick: numbers.clock, seconds: points.map(({ atMs }) => atMs / 1000) },
    description: drawn.flatMap(({ name, values }) => describe(view, name, values)).join('. '),
    ...(held === undefined ? {} : { limit: held }),
  })
}

function limitOf(
  { texts, numbers, report }: View,
  { plan }: LoadRecord,
  limit: NonNullable<Panel['limit']>,
): LineChart['limit'] {
  const goal = report.goals.find(({ key }) => key === 'p95')
  const [value, unit] = limit === 'goalP95' ? ([goal?.target, 'ms'] as const) : ([plan.ratePerSecond, '/s'] as const)
  return value === undefined ? undefined : { value, name: `${texts.lines[limit]}: ${numbers.quantity(value, unit)}` }
}

function describe({ texts, numbers }: View, name: string, values: readonly (number | undefined)[]): string[] {
  const known = values.filter((value) => value !== undefined)
  const most = largest(known)
  return most === undefined ? [] : [texts.lineText(name, numbers.plain(Math.min(...known)), numbers.plain(most))]
}
