import { type Cuttable, cutTables, type TableChunk } from '../archive/cut-tables.ts'
import { sizesSql, tablesSql } from '../archive/database-sql.ts'
import type { Manifest, ManifestTable } from '../archive/manifest.ts'
import { largeObjects, type ReadTarget } from '../archive/read-table.ts'
import type { Session } from '../platform/postgres/session.ts'
import type { Findings } from './findings.ts'

/** Which tables are compared, and how; plain data. */
export interface RowPlan {
  /** Tables that are read back and compared by digest, and those whose rows are only counted, by their places in the manifest. */
  read: number[]
  counted: number[]
  /** By place, the partitioned table at the top of those whose rows another server hashes into other partitions. */
  roots: [place: number, root: string][]
}

/** What is chosen, and what is none of the set's. */
export interface RowChoice {
  /** Tables that are compared by digest, by their places in the manifest; all where it is left out. */
  digests?: ReadonlySet<number>
  /** A schema that a restore in steps keeps its ledger in. */
  ledgerSchema?: string
}

interface RestoredTable {
  oid: string
  schema: string
  name: string
  heap: boolean
  hashedByEnum: boolean
  columns: string[]
}

/** Looks at what the restored database holds: what is missing, or too much, is a finding; the rest is to be compared. */
export async function planRows(
  session: Session,
  manifest: Manifest,
  { digests, ledgerSchema }: RowChoice,
  findings: Findings,
): Promise<{ plan: RowPlan; sizes: Cuttable[] }> {
  const tables = (await session.query<RestoredTable>(tablesSql)).filter(({ schema }) => schema !== ledgerSchema)
  const restored = new Map(tables.map((table) => [key(table), table]))
  const places = [...manifest.tables.entries()].flatMap(([place, table]) =>
    isReadable(table, restored.get(key(table)), findings) ? [place] : [],
  )
  findExtra(manifest, restored, findings)
  const read = places.filter((place) => digests?.has(place) !== false)
  const counted = places.filter((place) => digests?.has(place) === false)
  const roots = await rootsOfMovers(session, manifest, restored)
  const sizes = await sizesOf(session, tablesAt(manifest, read), restored)
  return { plan: { read, counted, roots }, sizes }
}

export function tablesAt({ tables }: Manifest, places: readonly number[]): ManifestTable[] {
  return places.map((place) => {
    const table = tables[place]
    if (table === undefined) throw new RangeError(`the manifest has no table at ${place}`)
    return table
  })
}

/** What is read back: the tables of the plan in their order, and then the large objects. */
export function readTargets(manifest: Manifest, { read }: Pick<RowPlan, 'read'>): ReadTarget[] {
  const tables = tablesAt(manifest, read).map(({ schema, name, columns, filter }) => ({
    ...{ schema, name, columns },
    ...(filter === undefined ? {} : { filter }),
  }))
  return [...tables, largeObjects]
}

/** Enough that handing out a task costs nothing beside it, and little enough that no worker is left with much. */
const taskLimits = { minBytes: 1024 * 1024, maxBytes: 64 * 1024 * 1024, maxChunks: 200 }

/** The reading of {@link readTargets} in tasks, of which the last is about the large objects. */
export async function readTasks(session: Session, sizes: readonly Cuttable[], workers: number): Promise<TableChunk[][]> {
  const [block] = await session.query<{ bytes: string }>(`SELECT current_setting('block_size') AS bytes`)
  return [...cutTables(sizes, { ...taskLimits, blockBytes: Number(block?.bytes), workers }), [{ table: sizes.length }]]
}

function key({ schema, name }: { schema: string; name: string }): string {
  return JSON.stringify([schema, name])
}

function isReadable(table: ManifestTable, restored: RestoredTable | undefined, findings: Findings): boolean {
  const subject = `table ${table.schema}.${table.name}`
  if (restored === undefined) {
    findings.add(subject, 'is missing in the restored database')
    return false
  }
  // Their order may change where columns are inherited.
  const [expected, actual] = [table.columns, restored.columns].map((columns) => JSON.stringify([...columns].sort()))
  if (expected === actual) return true
  findings.add(subject, 'has other columns than in the backup', { expected: expected ?? '', actual: actual ?? '' })
  return false
}

function findExtra(manifest: Manifest, restored: ReadonlyMap<string, RestoredTable>, findings: Findings): void {
  const known = new Set(manifest.tables.map(key))
  const omitted = new Set(manifest.omitted.map(({ subject }) => subject))
  for (const [id, { schema, name }] of restored) {
    const subject = `table ${schema}.${name}`
    if (!known.has(id) && !omitted.has(subject)) findings.add(subject, 'is in the restored database and not in the backup')
  }
}

async function rootsOfMovers(
  session: Session,
  { tables }: Manifest,
  restored: ReadonlyMap<string, RestoredTable>,
): Promise<RowPlan['roots']> {
  const movers = [...tables.entries()].flatMap(([place, table]) => {
    const there = restored.get(key(table))
    return there?.hashedByEnum === true ? [{ place, oid: there.oid }] : []
  })
  if (movers.length === 0) return []
  const roots = await session.query<{ root: string }>(
    'SELECT pg_partition_root(oid)::text AS root FROM unnest($1::oid[]) WITH ORDINALITY AS t(oid, place) ORDER BY place',
    [movers.map(({ oid }) => oid)],
  )
  return movers.map(({ place }, index) => [place, roots[index]?.root ?? ''])
}

async function sizesOf(
  session: Session,
  tables: readonly ManifestTable[],
  restored: ReadonlyMap<string, RestoredTable>,
): Promise<Cuttable[]> {
  const oids = tables.map((table) => restored.get(key(table))?.oid ?? '0')
  const sizes = await session.query<{ oid: string; heapBytes: string; toastBytes: string }>(sizesSql, [oids])
  const byOid = new Map(sizes.map((size) => [size.oid, size]))
  return tables.map((table) => {
    const there = restored.get(key(table))
    const size = byOid.get(there?.oid ?? '')
    return {
      heap: there?.heap === true,
      heapBytes: Number(size?.heapBytes ?? 0),
      toastBytes: Number(size?.toastBytes ?? 0),
      whole: table.filter !== undefined,
    }
  })
}
