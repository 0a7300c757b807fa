import type { PlannedLimit } from '../../functions/backup/scale/limits.ts'
import type { Bound } from '../../functions/backup/scale/plan-of-scale.ts'
import type { MadePlan } from '../outcomes/plan-outcome.ts'
import { formatBytes, formatCount, formatDuration, plural } from './format.ts'
import type { Style } from './style.ts'
import { type Column, indent, renderTable } from './table.ts'

const bounds: Readonly<Record<Bound, string>> = {
  workers: 'the workers and their rate',
  store: 'what the store takes over one connection',
  calls: 'the start of calls, and requests',
  'one call': 'one call that copies what cannot be cut',
  schema: 'pg_dump of the schema',
}
const facts: readonly Column[] = [{ heading: '' }, { heading: '' }]

/** A plan as people read it: what there is to do, how long it takes, what it costs and asks of the source, and which limits it passes. */
export function planText(made: MadePlan, style: Style): string {
  const parts = [
    ['Work', workRows(made)],
    ['Time', timeRows(made)],
    ['Store', storeRows(made)],
    ['Cost, in US dollars', costRows(made)],
    ['Load on the source', loadRows(made)],
    ['Rates', rateRows(made)],
  ] as const
  const tables = parts.map(([title, rows]) => `${style.bold(title)}\n${indent(renderTable(facts, rows))}`)
  return `${tables.join('\n')}\n${limitsText(made.plan.limits, style)}`
}

function workRows({ question, plan }: MadePlan): string[][] {
  const { size } = question
  const { copy, hold, other } = plan.run.calls
  const largest = `the largest ${formatBytes(plan.largestTableBytes)}${size.uncutBytes === undefined ? '' : `, ${formatBytes(size.uncutBytes)} that cannot be cut`}`
  return [
    ['tables', `${formatBytes(size.bytes)} in ${plural(size.tables, 'table')}, ${largest}`],
    ['units', `${formatCount(plan.units)}, in ${plural(plan.batches, 'batch')}`],
    ['workers', `${plan.workers} of ${question.connections} connections`],
    ['calls', `${formatCount(copy)} that copy, ${formatCount(hold)} that hold or wait, ${other} others`],
  ]
}

function timeRows({ plan: { run, bound } }: MadePlan): string[][] {
  const { plan, copy, finish } = run.secondsByPhase
  return [
    ['in all', formatDuration(run.seconds)],
    ['of it', `planning ${formatDuration(plan)}, copying ${formatDuration(copy)}, end ${formatDuration(finish)}`],
    ['bound by', bounds[bound]],
    ['snapshot', `held for ${formatDuration(run.heldSeconds)} by ${plural(run.holders, 'holder')}, one after another`],
    ['longest call', `${run.longestCall.step}, ${formatDuration(run.longestCall.seconds)}`],
  ]
}

function storeRows({ plan: { run } }: MadePlan): string[][] {
  const { put, part, create, complete, get, head, list } = run.requests
  return [
    ['stored', formatBytes(run.storedBytes)],
    ['PUT', formatCount(put)],
    ['parts', `${formatCount(part)}, of ${plural(create, 'upload')} begun and completed`],
    ['GET', formatCount(get)],
    ['HEAD', formatCount(head)],
    ['LIST', formatCount(list)],
    ['all', formatCount(put + part + create + complete + get + head + list)],
  ]
}

function costRows({ question, plan: { costs } }: MadePlan): string[][] {
  const { region, asOf } = question.prices
  return [
    ['requests', dollars(costs.requests)],
    ['functions', `${dollars(costs.functions)} for ${formatCount(Math.round(costs.gigabyteSeconds))} GB-seconds`],
    ['state machine', `${dollars(costs.stateMachine)} for ${formatCount(costs.transitions)} transitions`],
    ['one run', dollars(costs.run)],
    ['storage', `${dollars(costs.storageMonth)} for each month that the set is kept`],
    ['prices', `list prices of ${region}, ${asOf}; not looked up`],
  ]
}

function loadRows({ plan: { load } }: MadePlan): string[][] {
  return [
    ['connections', `${load.connections} at most`],
    ['reads', `${formatBytes(load.readBytesPerSecond)}/s`],
    ['snapshot', `${formatDuration(load.snapshotSeconds)} old at the end: vacuum waits for it`],
    [
      'WAL',
      load.walBytes === undefined
        ? 'not known (--wal-rate)'
        : `${formatBytes(load.walBytes)} written meanwhile; kept where a slot or a paused replay keeps it`,
    ],
    ['locks', `${formatCount(load.locks)} at most, ACCESS SHARE: DDL waits behind them`],
  ]
}

function rateRows({ question: { rates }, ratesFrom }: MadePlan): string[][] {
  return [
    ['one connection', `${formatBytes(rates.copyBytesPerSecond)}/s (${ratesFrom.copy})`],
    ['stored', `${(rates.storedShare * 100).toFixed(0)} % of the tables (${ratesFrom.stored})`],
    [
      'store',
      `${formatBytes(rates.storeBytesPerSecond)}/s a connection, ${Math.round(rates.requestSeconds * 1000)} ms a request`,
    ],
    ['start of a call', formatDuration(rates.startSeconds)],
  ]
}

const limitColumns: readonly Column[] = [
  { heading: 'Limit' },
  { heading: 'Planned', align: 'right' },
  { heading: 'Most', align: 'right' },
  { heading: '' },
]

function limitsText(limits: readonly PlannedLimit[], style: Style): string {
  const rows = limits.map((limit) => [
    limit.what,
    quantity(limit.unit, limit.planned),
    quantity(limit.unit, limit.most),
    verdict(limit, style),
  ])
  return renderTable(limitColumns, rows)
}

function verdict({ passed, ends, fix }: PlannedLimit, style: Style): string {
  if (!passed) return style.good('ok')
  return ends ? `${style.bad('ENDS THE RUN')}: ${fix}` : `${style.warn('may not be enough')}: ${fix}`
}

function quantity(unit: PlannedLimit['unit'], value: number): string {
  if (unit === 'seconds') return formatDuration(value)
  return unit === 'bytes' ? formatBytes(value) : formatCount(value)
}

function dollars(amount: number): string {
  return amount > 0 && amount < 0.01 ? 'under 0.01' : amount.toFixed(2)
}
