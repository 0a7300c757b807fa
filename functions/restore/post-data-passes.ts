import type { Section } from './stock-restore.ts'
import type { TocEntry } from './toc.ts'

/** Entries that one pg_restore restores together. */
export interface PostDataPass {
  dumpIds: ReadonlySet<number>
  /** Each of its entries locks nothing that pg_restore does not know of, so that several may run at once. */
  parallel: boolean
}

/**
 * Splits the post-data section into passes that follow each other. `pg_restore --jobs` keeps two entries apart only when
 * both name the same table; whatever locks further relations is a deadlock waiting for its moment:
 * - INDEX ATTACH locks partitions' indexes, and all the way up the tree when it makes a parent's index valid;
 * - triggers and checks of a parent lock its partitions, rules and policies the views they read;
 * - a foreign key locks the partitions of both its tables, and reads all their indexes;
 * - an INDEX that goes on to alter its table raises its lock, which another one's build on that table may hold as well.
 * So what costs time stays parallel where it is safe (indexes and keys, then foreign keys when every index is attached,
 * then refreshes), and all else runs in one session between. Dependencies decide the rest: a pass never needs a later one.
 */
export function postDataPasses(toc: readonly TocEntry[], chosen: ReadonlySet<number> | undefined): PostDataPass[] {
  const serial = new Set([...secondAlterations(toc), ...keysWithinTrees(toc)])
  const places = new Map<number, Place>()
  const passes = new Map<number, { dumpIds: Set<number>; parallel: boolean }>()
  for (const entry of entriesOf(toc, 'post-data')) {
    if (chosen?.has(entry.dumpId) === false) continue
    const place = placeOf(entry, places, serial)
    places.set(entry.dumpId, place)
    const key = place.rank * toc.length * 2 + place.step
    const pass = passes.get(key) ?? { dumpIds: new Set(), parallel: place.parallel }
    pass.dumpIds.add(entry.dumpId)
    passes.set(key, pass)
  }
  return [...passes].sort(([a], [b]) => a - b).map(([, pass]) => pass)
}

/** Where an entry stands: ranks follow each other, and steps within a rank; even steps are parallel, odd ones are not. */
interface Place {
  rank: number
  step: number
  parallel: boolean
}

/** What must wait for everything of lower rank, beyond what the archive's dependencies say; all else has rank 0. */
const ranks: Readonly<Record<string, number>> = {
  'FK CONSTRAINT': 1,
  'MATERIALIZED VIEW DATA': 2,
  'DEFAULT ACL': 3,
  'EVENT TRIGGER': 3,
}

const parallelTypes = new Set(['INDEX', 'CONSTRAINT', 'FK CONSTRAINT', 'MATERIALIZED VIEW DATA'])

/** In the archive's order whatever an entry needs has its place before. */
function placeOf(entry: TocEntry, places: ReadonlyMap<number, Place>, serial: ReadonlySet<number>): Place {
  let rank = ranks[entry.type] ?? 0
  let earliest = 0
  for (const needed of entry.dependencies.flatMap((id) => places.get(id) ?? [])) {
    if (needed.rank === rank) earliest = Math.max(earliest, needed.step)
    if (needed.rank > rank) [rank, earliest] = [needed.rank, needed.step]
  }
  // A comment or a grant goes with its object: it locks that alone.
  const parallel = entry.section === 'none' ? earliest % 2 === 0 : parallelTypes.has(entry.type) && !serial.has(entry.dumpId)
  const step = earliest % 2 === (parallel ? 0 : 1) ? earliest : earliest + 1
  return { rank, step, parallel }
}

/** The entries of a section as pg_restore sees them: one of no section belongs to that of the entry before it. */
export function entriesOf(toc: readonly TocEntry[], wanted: Section): TocEntry[] {
  let section: TocEntry['section'] = 'pre-data'
  return toc.filter((entry) => {
    if (entry.section !== 'none') section = entry.section
    return section === wanted
  })
}

/** INDEX entries that alter a table (CLUSTER ON, REPLICA IDENTITY) which an earlier one alters as well. */
function secondAlterations(toc: readonly TocEntry[]): number[] {
  const tables = tableIds(toc)
  const altered = new Set<number>()
  return toc.flatMap(({ type, definition, dependencies, dumpId }) => {
    if (type !== 'INDEX' || !definition.includes('\nALTER TABLE ')) return []
    const own = dependencies.filter((id) => tables.has(id))
    const second = own.some((id) => altered.has(id))
    for (const id of own) altered.add(id)
    return second ? [dumpId] : []
  })
}

/** Foreign keys that name a table of a partition tree of which another key names another table. */
function keysWithinTrees(toc: readonly TocEntry[]): number[] {
  const tables = tableIds(toc)
  const rootOf = treeRoots(toc, tables)
  const keys = toc.filter(({ type }) => type === 'FK CONSTRAINT')
  const namedByRoot = new Map<number, Set<number>>()
  for (const id of keys.flatMap(({ dependencies }) => dependencies).filter((needed) => tables.has(needed))) {
    namedByRoot.set(rootOf(id), (namedByRoot.get(rootOf(id)) ?? new Set()).add(id))
  }
  const shared = (id: number): boolean => (namedByRoot.get(rootOf(id))?.size ?? 0) > 1
  return keys.filter(({ dependencies }) => dependencies.some(shared)).map(({ dumpId }) => dumpId)
}

/** One and the same table for all of a partition tree; a table that is in none is its own. */
function treeRoots(toc: readonly TocEntry[], tables: ReadonlySet<number>): (id: number) => number {
  const above = new Map<number, number>()
  const rootOf = (id: number): number => {
    let root = id
    for (let next = above.get(root); next !== undefined; next = above.get(root)) root = next
    return root
  }
  for (const { dependencies } of toc.filter(({ type }) => type === 'TABLE ATTACH')) {
    const [first, second] = dependencies.filter((id) => tables.has(id)).map(rootOf)
    if (first !== undefined && second !== undefined && first !== second) above.set(first, second)
  }
  return rootOf
}

function tableIds(toc: readonly TocEntry[]): Set<number> {
  return new Set(toc.filter(({ type }) => type === 'TABLE').map(({ dumpId }) => dumpId))
}
