import { operationName } from '../../functions/status/run-concerns.ts'
import type {
  Concern,
  DatabaseStatus,
  OperationStatus,
  RehearsalStatus,
  StatusReport,
} from '../../functions/status/status-report.ts'
import { evidenceText } from './evidence-text.ts'
import { formatAge, formatAgo, formatBytes, formatCount, formatDuration } from './format.ts'
import { printable } from './printable.ts'
import type { Style } from './style.ts'
import { type Column, indent, renderTable } from './table.ts'

/** How everything is, at a glance: the verdict first, then what is not well, then the numbers. */
export function statusText(report: StatusReport, style: Style): string {
  const { title, cluster, databases, operations, rehearsals = [] } = report
  const name = title === cluster ? cluster : `${title} (${cluster})`
  return [
    `${style.bold(printable(name))}: ${verdictText(report, style)}\n`,
    ...(report.concerns.length === 0 ? [] : ['\n', ...report.concerns.map((concern) => concernText(concern, style))]),
    ...(databases.length === 0 ? [] : ['\n', databaseTable(report, style)]),
    replicationText(report, style),
    ...(operations.length === 0 ? [] : ['\n', operationTable(report, style)]),
    ...(rehearsals.length === 0 ? [] : ['\n', rehearsalTable(rehearsals, report.asOfMs, style)]),
  ].join('')
}

function verdictText({ verdict }: StatusReport, style: Style): string {
  if (verdict === 'well') return style.good('all is well')
  return verdict === 'attention' ? style.bad('NEEDS ATTENTION') : style.warn('UNKNOWN: not everything could be learned')
}

function concernText({ code, status, subject, finding, fix }: Concern, style: Style): string {
  const word = { fail: style.bad('FAIL   '), warn: style.warn('warn   '), unknown: style.warn('unknown') }[status]
  return indent(`${word}  ${printable(`${subject}, ${code}: ${finding}`)}\n         ${printable(`-> ${fix}`)}\n`)
}

const databaseColumns: readonly Column[] = [
  { heading: 'Database' },
  { heading: 'Last backup', align: 'right' },
  { heading: 'Size', align: 'right' },
  { heading: 'Rows', align: 'right' },
  { heading: 'Verified' },
  { heading: 'Copies' },
  { heading: 'Next backup', align: 'right' },
]

function databaseTable(report: StatusReport, style: Style): string {
  return renderTable(
    databaseColumns,
    report.databases.map((database) => databaseRow(database, report.asOfMs, style)),
  )
}

function databaseRow(status: DatabaseStatus, nowMs: number, style: Style): string[] {
  const { database, verdict, lastBackup, nextBackupMs } = status
  const paint = { well: style.good, attention: style.bad, unknown: style.warn }[verdict]
  const none = verdict === 'unknown' ? 'unknown' : 'none'
  return [
    database,
    paint(lastBackup === undefined ? none : formatAgo((nowMs - lastBackup.startedMs) / 1000)),
    lastBackup === undefined ? '' : formatBytes(lastBackup.storedBytes),
    lastBackup === undefined ? '' : formatCount(lastBackup.rows),
    verifiedText(status, nowMs, style),
    copiesText(status, style),
    nextBackupMs === undefined ? '' : `in ${formatAge((nextBackupMs - nowMs) / 1000)}`,
  ]
}

function verifiedText({ verdict, lastVerification }: DatabaseStatus, nowMs: number, style: Style): string {
  if (lastVerification === undefined) return style.warn(verdict === 'unknown' ? 'unknown' : 'never')
  const ago = formatAgo((nowMs - lastVerification.atMs) / 1000)
  return evidenceText(lastVerification, ago, style)
}

function copiesText({ copies }: DatabaseStatus, style: Style): string {
  const held = copies.filter(({ state }) => state === 'held').length
  const others = copies.flatMap(({ store, state }) => (state === 'held' ? [] : [`${store} ${state}`]))
  if (copies.length === 0) return ''
  const text = `${held} of ${copies.length}`
  return others.length === 0 ? text : style.warn(`${text} (${others.join(', ')})`)
}

function replicationText({ replication, asOfMs }: StatusReport, style: Style): string {
  if (replication === undefined) return ''
  const { now, lastPollMs, maxLagBytes } = replication
  if (now === undefined) {
    const last = lastPollMs === undefined ? 'never looked at' : `last looked at ${formatAgo((asOfMs - lastPollMs) / 1000)}`
    return `\nReplication: ${style.warn(`unknown, ${last}`)}\n`
  }
  const lag = now.lagBytes === undefined ? style.warn('lag unknown') : `${formatBytes(now.lagBytes)} behind`
  const limit = maxLagBytes === undefined ? '' : ` (limit ${formatBytes(maxLagBytes)})`
  const result = now.result === 'good' ? style.good('well') : style.bad('NOT WELL')
  const { replayPausedSeconds } = now
  const paused =
    replayPausedSeconds === undefined ? '' : `, replay paused for a backup for ${formatDuration(replayPausedSeconds)}`
  return `\nReplication: ${result}, ${lag}${limit}${paused}, ${formatAgo((asOfMs - now.atMs) / 1000)}\n`
}

const operationColumns: readonly Column[] = [
  { heading: 'Run' },
  { heading: 'Last', align: 'right' },
  { heading: 'Result' },
  { heading: 'Good', align: 'right' },
  { heading: 'Of', align: 'right' },
  { heading: 'Next', align: 'right' },
]

function operationTable({ operations, asOfMs, historyDays }: StatusReport, style: Style): string {
  const rows = operations.map((operation) => operationRow(operation, asOfMs, style))
  return `${renderTable(operationColumns, rows)}${style.dim(`Good: share of the runs of the last ${historyDays} days.`)}\n`
}

function operationRow(status: OperationStatus, nowMs: number, style: Style): string[] {
  const { last, polls, goodPolls, nextMs } = status
  const words = { good: style.good('good'), bad: style.bad('NOT WELL'), failed: style.bad('FAILED') }
  return [
    operationName(status),
    last === undefined ? style.dim('no data') : formatAgo((nowMs - last.atMs) / 1000),
    last === undefined ? '' : words[last.result],
    polls === 0 ? '' : `${(Math.floor((goodPolls / polls) * 10_000) / 100).toFixed(2)} %`,
    polls === 0 ? '' : formatCount(polls),
    nextMs === undefined ? '' : `in ${formatAge((nextMs - nowMs) / 1000)}`,
  ]
}

const rehearsalColumns: readonly Column[] = [
  { heading: 'By people' },
  { heading: 'Last', align: 'right' },
  { heading: 'Result' },
  { heading: 'Who' },
  { heading: 'Due', align: 'right' },
]

function rehearsalTable(rehearsals: readonly RehearsalStatus[], nowMs: number, style: Style): string {
  return renderTable(
    rehearsalColumns,
    rehearsals.map(({ rehearsal, state, last, dueMs }) => {
      const paint = { well: style.good, due: style.warn, overdue: style.bad, failed: style.bad }[state]
      const due = dueMs > nowMs ? `in ${formatAge((dueMs - nowMs) / 1000)}` : formatAgo((nowMs - dueMs) / 1000)
      if (last === undefined) return [rehearsal, style.dim('never'), '', '', paint(due)]
      const result = last.result === 'passed' ? style.good('passed') : style.bad('FAILED')
      return [rehearsal, formatAgo((nowMs - last.atMs) / 1000), result, last.by, paint(due)]
    }),
  )
}
