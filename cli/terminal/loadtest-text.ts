import type { LoadRecord } from '../../handover/records/load-record.ts'
import { isMet, type Measurement } from '../../handover/records/measurement.ts'
import { verdictOf } from '../../handover/records/verdict.ts'
import type { KeptLoadTest } from '../outcomes/loadtest-outcome.ts'
import { formatCount, formatDuration } from './format.ts'
import { limitText, measurementName, valueText } from './measurement-text.ts'
import type { Style } from './style.ts'
import { indent, renderTable } from './table.ts'

const places: Readonly<Record<LoadRecord['on'], string>> = { sandbox: 'a sandbox for ', images: 'images of ', cluster: '' }

const right = { align: 'right' } as const

/** What a load test found, and how it compares. */
export function loadtestText({ record, path, previous }: KeptLoadTest, style: Style): string {
  const parts = [
    headline(record, style),
    measurementTable({ record, path, previous }, style),
    scenarioTable(record, style),
    pgbenchTable(record, style),
    record.findings.map((finding) => `${style.bad('-')} ${finding}\n`).join(''),
    notes({ record, path, previous }, style),
  ]
  return parts.filter((part) => part !== '').join('\n')
}

function headline(record: LoadRecord, style: Style): string {
  const { name, on, cluster, startedAt, endedAt, state, reason } = record
  const verdict = verdictOf(record)
  const seconds = (Date.parse(endedAt) - Date.parse(startedAt)) / 1000
  const what = `${name} on ${places[on]}${cluster}`
  const said = verdict === 'passed' ? style.good('passed') : style.bad(state === 'complete' ? verdict.toUpperCase() : state)
  return `\n${style.bold(what)}: ${said} ${style.dim(`(${formatDuration(seconds)})`)}\n${reason === undefined ? '' : `${reason}\n`}`
}

function measurementTable({ record, previous }: KeptLoadTest, style: Style): string {
  const columns = [
    { heading: '' },
    { heading: 'Measured', ...right },
    { heading: 'Limit' },
    { heading: '' },
    { heading: 'Before', ...right },
    { heading: 'Change', ...right },
  ]
  const rows = record.measurements.map((one) => {
    const change = previous?.changes.find(({ key }) => key === one.key)
    return [
      measurementName(one.key),
      valueText(one.value, one.unit),
      limitText(one),
      metText(one, style),
      change === undefined ? '' : valueText(change.before, change.unit),
      change === undefined ? '' : changeText(change.changePercent),
    ]
  })
  const shown = previous === undefined ? 4 : columns.length
  return renderTable(
    columns.slice(0, shown),
    rows.map((row) => row.slice(0, shown)),
  )
}

function scenarioTable({ scenarios }: LoadRecord, style: Style): string {
  if (scenarios.length === 0) return ''
  const counted = ['Requests', 'Failed', 'Dropped', 'p50', 'p95', 'p99', 'Longest'].map((heading) => ({ heading, ...right }))
  const rows = scenarios.map(({ name, target, requests, failed, dropped, latencyMs: ms }) => {
    const times = ms === undefined ? [] : [ms.p50, ms.p95, ms.p99, ms.max]
    return [name, target, ...[requests, failed, dropped].map(formatCount), ...times.map((time) => valueText(time, 'ms'))]
  })
  return `${style.bold('Requests')}\n${indent(renderTable([{ heading: 'Question' }, { heading: 'Target' }, ...counted], rows))}`
}

function pgbenchTable({ pgbench }: LoadRecord, style: Style): string {
  if (pgbench.length === 0) return ''
  const counted = ['Clients', 'Transactions', 'Failed', 'Late', 'Skipped', 'A second', 'Average'].map((heading) => ({
    heading,
    ...right,
  }))
  const rows = pgbench.map((run) => {
    const counts = [run.clients, run.transactions, run.failed, run.late, run.skipped, Math.round(run.transactionsPerSecond)]
    return [run.through, run.protocol, ...counts.map(formatCount), valueText(run.latencyMs.average, 'ms')]
  })
  return `${style.bold('pgbench')}\n${indent(renderTable([{ heading: 'Through' }, { heading: 'Protocol' }, ...counted], rows))}`
}

function notes({ record, path, previous }: KeptLoadTest, style: Style): string {
  const shared =
    'Load and system shared one machine: these numbers compare runs, and say little about how much other machines hold.'
  return [
    ...(record.on === 'sandbox' ? [shared] : []),
    ...(record.pgbench.length === 0 ? ['pgbench was not run.'] : []),
    ...(previous === undefined ? [] : [`Compared with the run of ${previous.startedAt}.`]),
    `Kept in ${path}`,
  ]
    .map((line) => `${style.dim(line)}\n`)
    .join('')
}

function metText(one: Measurement, style: Style): string {
  const met = isMet(one)
  return met === undefined ? '' : met ? style.good('ok') : style.bad('MISSED')
}

function changeText(percent: number | undefined): string {
  if (percent === undefined) return ''
  return `${percent > 0 ? '+' : ''}${percent.toFixed(Math.abs(percent) < 10 ? 1 : 0)} %`
}
