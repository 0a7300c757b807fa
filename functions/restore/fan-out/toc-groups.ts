import { entriesOf, postDataPasses } from '../post-data-passes.ts'
import type { TocEntry } from '../toc.ts'

/** Entries of an archive that are restored in one transaction, by their dump ids. */
export interface EntryGroup {
  entries: number[]
  /** COPY text of the table that it works on, where that is what takes its time. */
  bytes: number
}

/** A transaction locks what it makes until its end: so many entries stay far below what a server's lock table holds. */
const mostEntries = 100
/** From so much COPY text on, each index of a table is built by itself. */
const largeBytes = 256 * 1024 * 1024

/** Entries that work on the rows of a whole table, and so each stand alone. */
const alone = new Set(['FK CONSTRAINT', 'MATERIALIZED VIEW DATA'])

/** The entries of pre-data in the archive's order: each group needs those before it. */
export function preDataGroups(toc: readonly TocEntry[]): EntryGroup[] {
  return inOrder(entriesOf(toc, 'pre-data'))
}

/**
 * The entries of post-data in passes that follow each other. Groups of one pass may run at once: all that a small table has of a
 * pass is in one group, so that two groups lock different tables, and what works on a large one stands alone.
 *
 * @param bytesOf the COPY text of a table, by its dump id.
 */
export function postDataGroups(toc: readonly TocEntry[], bytesOf: ReadonlyMap<number, number>): EntryGroup[][] {
  return postDataPasses(toc, undefined).flatMap(({ dumpIds, parallel }) => {
    const entries = toc.filter(({ dumpId }) => dumpIds.has(dumpId))
    return parallel ? levelsOf(entries).map((level) => sideBySide(level, bytesOf)) : inOrder(entries).map((group) => [group])
  })
}

function inOrder(entries: readonly TocEntry[]): EntryGroup[] {
  const groups: EntryGroup[] = []
  for (let start = 0; start < entries.length; start += mostEntries) {
    groups.push({ entries: entries.slice(start, start + mostEntries).map(({ dumpId }) => dumpId), bytes: 0 })
  }
  return groups
}

/** What an entry needs of its own pass comes in an earlier level; a comment or a grant goes with what it is about. */
function levelsOf(entries: readonly TocEntry[]): TocEntry[][] {
  const levelOf = new Map<number, number>()
  const levels: TocEntry[][] = []
  for (const entry of entries) {
    const needed = entry.dependencies.map((id) => levelOf.get(id) ?? -1)
    const level = Math.max(-1, ...needed) + (entry.section === 'none' && needed.some((one) => one >= 0) ? 0 : 1)
    levelOf.set(entry.dumpId, level)
    const there = levels[level]
    if (there === undefined) levels[level] = [entry]
    else there.push(entry)
  }
  return levels
}

function sideBySide(entries: readonly TocEntry[], bytesOf: ReadonlyMap<number, number>): EntryGroup[] {
  const groups: EntryGroup[] = []
  const groupOf = new Map<number, EntryGroup>()
  const ofTable = new Map<number | undefined, EntryGroup>()
  let open: EntryGroup | undefined
  const begin = (bytes: number): EntryGroup => {
    const group = { entries: [], bytes }
    groups.push(group)
    return group
  }
  const choose = (entry: TocEntry): EntryGroup => {
    const followed = entry.section === 'none' ? entry.dependencies.flatMap((id) => groupOf.get(id) ?? [])[0] : undefined
    if (followed !== undefined) return followed
    const table = entry.dependencies.find((id) => bytesOf.has(id))
    const bytes = (table === undefined ? undefined : bytesOf.get(table)) ?? 0
    if (alone.has(entry.type) || bytes >= largeBytes) return begin(bytes)
    const known = table === undefined ? undefined : ofTable.get(table)
    if (known !== undefined) return known
    if (open === undefined || open.entries.length >= mostEntries) open = begin(0)
    if (table !== undefined) ofTable.set(table, open)
    return open
  }
  for (const entry of entries) {
    const group = choose(entry)
    group.entries.push(entry.dumpId)
    groupOf.set(entry.dumpId, group)
  }
  return groups
}
