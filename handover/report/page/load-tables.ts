import { type Html, html } from '../../../functions/runtime/page/html.ts'
import { cell, row, table } from '../../../functions/runtime/page/tables.ts'
import type { LoadRecord, PgbenchResult, ScenarioResult } from '../../records/load-record.ts'
import { shownPoints } from '../charts/series.ts'
import { keyText, type View } from './view.ts'

/** What each scenario asked for, and how it was answered. */
export function scenariosTable(view: View, { scenarios }: LoadRecord): Html | undefined {
  const { texts } = view
  if (scenarios.length === 0) return undefined
  const { scenario, service, requests, failed, dropped, checks, median, p95, p99, longest } = texts.columns
  const headings = [scenario, service, requests, failed, dropped, checks, median, p95, p99, longest]
  const rows = scenarios.map((one) => scenarioRow(view, one))
  return html`<h4>${texts.scenarios}</h4>${table('scenarios', texts.scenarios, headings, rows)}`
}

function scenarioRow({ texts, numbers, keys }: View, scenario: ScenarioResult): Html {
  const { name, target, requests, failed, dropped, checksPassed, checksFailed, latencyMs } = scenario
  const { columns } = texts
  const latency = (value: number | undefined): string => (value === undefined ? '–' : numbers.quantity(value, 'ms'))
  return row(keyText(keys.scenarios, name), [
    cell(columns.service, target),
    cell(columns.requests, numbers.count(requests)),
    cell(columns.failed, numbers.count(failed)),
    cell(columns.dropped, numbers.count(dropped)),
    cell(columns.checks, texts.failedOf(numbers.count(checksFailed), numbers.count(checksPassed + checksFailed))),
    cell(columns.median, latency(latencyMs?.p50)),
    cell(columns.p95, latency(latencyMs?.p95)),
    cell(columns.p99, latency(latencyMs?.p99)),
    cell(columns.longest, latency(latencyMs?.max)),
  ])
}

/** The runs of pgbench beside the scenarios. */
export function pgbenchTable(view: View, { pgbench }: LoadRecord): Html | undefined {
  const { texts } = view
  if (pgbench.length === 0) return undefined
  const { through, protocol, clients, transactions, rate, failed, late, skipped, latency } = texts.columns
  const headings = [through, protocol, clients, transactions, rate, failed, late, skipped, latency]
  const rows = pgbench.map((one) => pgbenchRow(view, one))
  return html`<h4>${texts.pgbench}</h4>${table('pgbench', texts.pgbench, headings, rows)}`
}

function pgbenchRow({ texts, numbers }: View, one: PgbenchResult): Html {
  const { columns } = texts
  const { average, stddev } = one.latencyMs
  return row(texts.pgbenchThrough[one.through], [
    cell(columns.protocol, one.protocol),
    cell(columns.clients, numbers.count(one.clients)),
    cell(columns.transactions, numbers.count(one.transactions)),
    cell(columns.rate, numbers.quantity(one.transactionsPerSecond, '/s')),
    cell(columns.failed, numbers.count(one.failed)),
    cell(columns.late, numbers.count(one.late)),
    cell(columns.skipped, numbers.count(one.skipped)),
    cell(columns.latency, `${numbers.plain(average)} ± ${numbers.quantity(stddev, 'ms')}`),
  ])
}

/** Rows of the table that says what the charts show. */
const mostRows = 8

/** The charts in numbers. */
export function pointsTable(view: View, { points: all }: LoadRecord): Html | undefined {
  const { texts, numbers } = view
  if (all.length === 0) return undefined
  const { time, rate, failed, median, p95, p99, waiting, longestWait, lag, processor, generator } = texts.columns
  const inMs = [median, p95, p99].map((name) => `${name} (ms)`)
  const inPercent = [processor, generator].map((name) => `${name} (%)`)
  const columns = [time, `${rate} (/s)`, `${failed} (/s)`, ...inMs, waiting, `${longestWait} (ms)`, `${lag} (ms)`, ...inPercent]
  const shown = (value: number | undefined): string => (value === undefined ? '–' : numbers.plain(value))
  const rows = shownPoints(all, mostRows).map((point) => {
    const values = [point.requestsPerSecond, point.failedPerSecond, point.p50Ms, point.p95Ms, point.p99Ms]
    const more = [point.clientsWaiting, point.longestWaitMs, point.lagMs, point.cpuPercent, point.generatorCpuPercent]
    const cells = [...values, ...more].map((value, index) => cell(columns[index + 1] ?? '', shown(value)))
    return row(numbers.clock(point.atMs / 1000), cells)
  })
  return html`<h4>${texts.numbers}</h4>${table('points', texts.numbers, columns, rows)}<p class="note">${texts.numbersNote}</p>`
}
