import type { CompleteSet, DamagedSet, IncompleteSet } from '../../functions/archive/catalogue.ts'
import { databaseGroups } from '../../functions/archive/database-groups.ts'
import { counts, type HeldSet, type Holder, type Holding, mergeStores } from '../../functions/archive/held-sets.ts'
import type { StoreListing } from '../../functions/runtime/list-stores.ts'
import { evidenceText } from './evidence-text.ts'
import { formatAge, formatAgo, formatBytes, formatCount, plural } from './format.ts'
import { printable } from './printable.ts'
import { storesText } from './stores-text.ts'
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

/** What a row is made with. */
interface View {
  nowMs: number
  style: Style
  /** Whether there is more than one store to tell of. */
  showStores: boolean
}

/** The sets of each database as a table, oldest first, with incomplete leftovers apart; then the stores, where several are listed. */
export function setsText(listings: readonly StoreListing[], nowMs: number, style: Style): string {
  const held = mergeStores(listings.flatMap((listing) => ('sets' in listing ? [listing] : [])))
  const [only] = listings
  const place = listings.length === 1 && only !== undefined ? only.location : `${listings.length} stores`
  const view: View = { nowMs, style, showStores: listings.length > 1 || listings.some(({ isCopy }) => isCopy) }
  const groups = databaseGroups(held, ({ set }) => set.address)
  const parts = groups.map(({ cluster, database, items }) => databaseText(`${cluster}/${database}`, items, view))
  const stores = listings.length > 1 ? `\n${storesText(listings, style)}` : ''
  if (parts.length === 0) return `No backup sets in ${place}.\n${stores}`
  return `${parts.join('\n')}\n${totalLine(held, place)}\n${stores}`
}

function databaseText(name: string, group: readonly HeldSet[], view: View): string {
  const { style, showStores } = view
  const rows: string[][] = []
  const reasons: string[] = []
  const leftovers: IncompleteSet[] = []
  for (const { set, holders } of group) {
    if (set.state === 'incomplete') leftovers.push(set)
    if (set.state === 'complete') rows.push([...completeRow(set, view), ...(showStores ? [copiesText(holders, style)] : [])])
    if (set.state === 'damaged') {
      rows.push([...damagedRow(set, style), ...(showStores ? [copiesText(holders, style)] : [])])
      reasons.push(`  ${style.bad('damaged')} ${set.address.set}: ${printable(set.reason)}\n`)
    }
  }
  const headings = showStores ? [...columns, { heading: 'Copies' }] : columns
  const table = rows.length === 0 ? `${style.bad('no backup')}\n` : renderTable(headings, rows)
  return [style.bold(printable(name)), '\n', indent(table), ...reasons, incompleteText(leftovers, view)].join('')
}

function completeRow({ address, summary, verified }: CompleteSet, { nowMs, style }: View): string[] {
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
  return evidenceText(verified, ago, style)
}

const holdingWords: Record<Holding, string> = {
  ...{ original: '', compared: '', uncompared: 'not compared' },
  ...{ different: 'DIFFERENT', damaged: 'DAMAGED', incomplete: 'in part' },
}

/** `2: main, nas (second-region: not compared)`: how many count, which, and what the others have. */
function copiesText(holders: readonly Holder[], style: Style): string {
  const counted = holders.filter(counts).map(({ store }) => store)
  const others = holders.filter((holder) => !counts(holder)).map(({ store, holding }) => `${store}: ${holdingWords[holding]}`)
  const named = counted.length === 0 ? '0' : `${counted.length}: ${counted.join(', ')}`
  return others.length === 0 ? named : `${named} ${style.warn(`(${others.join(', ')})`)}`
}

function damagedRow({ address }: DamagedSet, style: Style): string[] {
  return [address.set, '', '', '', '', '', '', style.bad('DAMAGED')]
}

function incompleteText(sets: readonly IncompleteSet[], { nowMs, style }: View): string {
  if (sets.length === 0) return ''
  const heading = '  incomplete: no backup; a run at work, or what an interrupted one left for `ballast prune`\n'
  const lines = sets.map(({ address, objects, bytes, modifiedMs }) => {
    const written = `last written ${formatAgo((nowMs - modifiedMs) / 1000)}`
    return `    ${address.set}  ${plural(objects, 'object')}, ${formatBytes(bytes)}, ${written}\n`
  })
  return style.dim(heading) + style.dim(lines.join(''))
}

function totalLine(held: readonly HeldSet[], location: string): string {
  const complete = held.flatMap(({ set }) => (set.state === 'complete' ? [set] : []))
  const bytes = complete.reduce((sum, { summary }) => sum + summary.storedBytes, 0)
  const damaged = held.filter(({ set }) => set.state === 'damaged').length
  const incomplete = held.length - complete.length - damaged
  const others = [...(damaged > 0 ? [`${damaged} damaged`] : []), ...(incomplete > 0 ? [`${incomplete} incomplete`] : [])]
  return `${[plural(complete.length, 'set'), ...others].join(', ')}, ${formatBytes(bytes)} in ${location}`
}
