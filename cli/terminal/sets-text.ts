import type { CompleteSet, DamagedSet, IncompleteSet, ListedSet } from '../../functions/archive/catalogue.ts'
import { formatAge, formatAgo, formatBytes, formatCount, plural } from './format.ts'
import { printable } from './printable.ts'
import type { Style } from './style.ts'
import { type Column, indent, renderTable } from './table.ts'

const columns: readonly Column[] = [
  { heading: 'Set' },
  { heading: 'Age', align: 'right' },
  { heading: 'Size', align: 'right' },
  { heading: 'Rows as text', align: 'right' },
  { heading: 'Tables', align: 'right' },
  { heading: 'Rows', align: 'right' },
  { heading: 'Source' },
  { heading: 'Verified' },
]

/** The sets of each database as a table, oldest first, with incomplete leftovers apart. */
export function setsText(sets: readonly ListedSet[], location: string, nowMs: number, style: Style): string {
  if (sets.length === 0) return `No backup sets in ${location}.\n`
  const groups = Map.groupBy(sets, ({ address }) => `${address.cluster}/${address.database}`)
  const parts = [...groups].map(([name, group]) => databaseText(name, group, nowMs, style))
  return `${parts.join('\n')}\n${totalLine(sets, location)}\n`
}

function databaseText(name: string, sets: readonly ListedSet[], nowMs: number, style: Style): string {
  const usable = sets.filter((set) => set.state !== 'incomplete')
  const leftovers = sets.filter((set) => set.state === 'incomplete')
  const rows = usable.map((set) => (set.state === 'complete' ? completeRow(set, nowMs, style) : damagedRow(set, style)))
  const reasons = usable.flatMap((set) => (set.state === 'damaged' ? [damageLine(set, style)] : []))
  const table = rows.length === 0 ? `${style.bad('no backup')}\n` : renderTable(columns, rows)
  return [style.bold(printable(name)), '\n', indent(table), ...reasons, incompleteText(leftovers, nowMs, style)].join('')
}

function completeRow({ address, summary, verified }: CompleteSet, nowMs: number, style: Style): string[] {
  return [
    address.set,
    formatAge((nowMs - Date.parse(summary.startedAt)) / 1000),
    formatBytes(summary.storedBytes),
    formatBytes(summary.rawBytes),
    formatCount(summary.tables),
    formatCount(summary.rows),
    `${summary.sourceRole}, ${summary.serverVersion.split(' ')[0]}`,
    verifiedText(verified, nowMs, style),
  ]
}

function verifiedText(verified: CompleteSet['verified'], nowMs: number, style: Style): string {
  if (verified === undefined) return style.warn('not yet')
  const ago = formatAgo((nowMs - verified.atMs) / 1000)
  return verified.verdict === 'equal' ? style.good(`equal, ${ago}`) : style.bad(`DIFFERENT, ${ago}`)
}

function damagedRow({ address }: DamagedSet, style: Style): string[] {
  return [address.set, '', '', '', '', '', '', style.bad('DAMAGED')]
}

function damageLine({ address, reason }: DamagedSet, style: Style): string {
  return `  ${style.bad('damaged')} ${address.set}: ${printable(reason)}\n`
}

function incompleteText(sets: readonly IncompleteSet[], nowMs: number, style: Style): string {
  if (sets.length === 0) return ''
  const heading = '  incomplete: no backup; a run at work, or what an interrupted one left for `ballast prune`\n'
  const lines = sets.map(({ address, objects, bytes, modifiedMs }) => {
    const written = `last written ${formatAgo((nowMs - modifiedMs) / 1000)}`
    return `    ${address.set}  ${plural(objects, 'object')}, ${formatBytes(bytes)}, ${written}\n`
  })
  return style.dim(heading) + style.dim(lines.join(''))
}

function totalLine(sets: readonly ListedSet[], location: string): string {
  const complete = sets.filter((set) => set.state === 'complete')
  const bytes = complete.reduce((sum, { summary }) => sum + summary.storedBytes, 0)
  const damaged = sets.filter((set) => set.state === 'damaged').length
  const incomplete = sets.length - complete.length - damaged
  const others = [...(damaged > 0 ? [`${damaged} damaged`] : []), ...(incomplete > 0 ? [`${incomplete} incomplete`] : [])]
  return `${[plural(complete.length, 'set'), ...others].join(', ')}, ${formatBytes(bytes)} in ${location}`
}
