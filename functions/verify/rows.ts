import { type Cuttable, cutTables } from '../archive/cut-tables.ts'
import { sizesSql, tablesSql } from '../archive/database-sql.ts'
import type { Manifest, ManifestTable } from '../archive/manifest.ts'
import { largeObjects, type ReadTarget } from '../archive/read-table.ts'
import { addDigests, emptyDigest } from '../archive/row-digest.ts'
import type { Session } from '../platform/postgres/session.ts'
import type { ConnectionSettings } from '../platform/postgres/settings.ts'
import { runOnWorkers } from '../platform/workers/run-on-workers.ts'
import { countRows } from './digests/count-rows.ts'
import type { Findings } from './findings.ts'
import type { ReadSetup } from './read-thread.ts'
import { openReadWorker } from './read-worker.ts'
import type { Compared } from './report.ts'

export interface RowComparison {
  manifest: Manifest
  session: Session
  connection: ConnectionSettings
  jobs: number
  /** Tables whose rows are read back and compared by digest, by their places in the manifest; all where it is left out. */
  digests?: ReadonlySet<number>
  signal: AbortSignal
  /** COPY text read since the last call. */
  onRead: (bytes: number) => void
}

interface RestoredTable {
  oid: string
  schema: string
  name: string
  heap: boolean
  hashedByEnum: boolean
  columns: string[]
}

interface Content {
  rows: number
  bytes: number
  /** Absent where the rows were only counted. */
  digest?: string
}

type RowCounts = Pick<Compared, 'tables' | 'digestTables' | 'rows' | 'rawBytes' | 'largeObjectPages'>

/**
 * Compares every table and the large objects with what the backup recorded: by their number of rows all of them, and by
 * digest those that are chosen, which are read back exactly as the backup read them.
 */
export async function compareRows(options: RowComparison, findings: Findings): Promise<RowCounts> {
  const { manifest, session } = options
  const restored = new Map((await session.query<RestoredTable>(tablesSql)).map((table) => [key(table), table]))
  const readable = manifest.tables.filter((table) => isReadable(table, restored.get(key(table)), findings))
  findExtra(manifest, restored, findings)
  const roots = await rootsOfMovers(session, [...restored.values()])
  const isRead = placesIn(manifest, options.digests)
  const [read, counted] = [readable.filter(isRead), readable.filter((table) => !isRead(table))]
  const sizes = await plannedTables(session, read, restored)
  const { tables: contents, pages } = await readContents(options, read, sizes)
  const counts = await countRows(counted, { ...options, databaseEncoding: manifest.databaseProperties.encoding })
  const found = [...contents, ...counted.map((_, index): Content => ({ rows: counts[index] ?? 0, bytes: 0 }))]
  for (const group of grouped([...read, ...counted], found, roots)) compareGroup(group, findings)
  const expected = manifest.largeObjects
  if (pages.rows !== expected.pages || pages.digest !== expected.digest) {
    const values = {
      expected: `${expected.pages} pages, digest ${expected.digest}`,
      actual: `${pages.rows} pages, digest ${pages.digest}`,
    }
    findings.add('large objects', 'differ from what the source held', values)
  }
  return {
    tables: found.length,
    digestTables: contents.length,
    rows: found.reduce((sum, { rows }) => sum + rows, 0),
    rawBytes: found.reduce((sum, { bytes }) => sum + bytes, 0),
    largeObjectPages: pages.rows,
  }
}

/** Enough that handing out a task costs nothing beside it, and little enough that no worker is left with much. */
const taskLimits = { minBytes: 1024 * 1024, maxBytes: 64 * 1024 * 1024, maxChunks: 200 }

const nothing = { rows: 0, bytes: 0, digest: emptyDigest }

function placesIn({ tables }: Manifest, digests: RowComparison['digests']): (table: ManifestTable) => boolean {
  if (digests === undefined) return () => true
  const chosen = new Set(tables.filter((_, place) => digests.has(place)))
  return (table) => chosen.has(table)
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

/** Tables that are compared as one, nearly always a single one. */
interface Group {
  name: string
  tables: ManifestTable[]
  contents: Content[]
}

/** By table, the partitioned table at the top of those whose rows another server hashes into other partitions. */
async function rootsOfMovers(session: Session, tables: readonly RestoredTable[]): Promise<Map<string, string>> {
  const movers = tables.filter((table) => table.hashedByEnum)
  if (movers.length === 0) return new Map()
  const roots = await session.query<{ root: string }>(
    'SELECT pg_partition_root(oid)::text AS root FROM unnest($1::oid[]) WITH ORDINALITY AS t(oid, place) ORDER BY place',
    [movers.map(({ oid }) => oid)],
  )
  return new Map(movers.map((table, index) => [key(table), roots[index]?.root ?? '']))
}

function grouped(tables: readonly ManifestTable[], contents: readonly Content[], roots: ReadonlyMap<string, string>): Group[] {
  const groups = new Map<string, Group>()
  tables.forEach((table, index) => {
    const root = roots.get(key(table))
    const id = root ?? key(table)
    const group = groups.get(id) ?? { name: root ?? `${table.schema}.${table.name}`, tables: [], contents: [] }
    group.tables.push(table)
    group.contents.push(contents[index] ?? nothing)
    groups.set(id, group)
  })
  return [...groups.values()]
}

function compareGroup({ name, tables, contents }: Group, findings: Findings): void {
  const subject = `table ${name}`
  const [expected, actual] = [rowsOf(tables), rowsOf(contents)]
  if (actual !== expected) {
    const values = { expected: String(expected), actual: String(actual) }
    findings.add(subject, `holds ${actual} rows instead of ${expected}`, values)
    return
  }
  const values = { expected: digestOf(tables) ?? '', actual: digestOf(contents) }
  if (values.actual === undefined || values.actual === values.expected) return
  findings.add(subject, 'holds as many rows as the source did, and not the same', { ...values, actual: values.actual })
}

function rowsOf(parts: readonly Pick<Content, 'rows'>[]): number {
  return parts.reduce((sum, { rows }) => sum + rows, 0)
}

/** Undefined where not all of it was read. */
function digestOf(parts: readonly Pick<Content, 'digest'>[]): string | undefined {
  return parts.reduce<string | undefined>(
    (sum, { digest }) => (sum === undefined || digest === undefined ? undefined : addDigests(sum, digest)),
    emptyDigest,
  )
}

async function plannedTables(
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

/** The content of each of these tables, and of the large objects. */
async function readContents(
  { manifest, session, connection, jobs, signal, onRead }: RowComparison,
  tables: readonly ManifestTable[],
  sizes: readonly Cuttable[],
): Promise<{ tables: Content[]; pages: Content }> {
  const targets: ReadTarget[] = [
    ...tables.map(({ schema, name, columns, filter }) => ({
      schema,
      name,
      columns,
      ...(filter === undefined ? {} : { filter }),
    })),
    largeObjects,
  ]
  const blockBytes = await session.query<{ bytes: string }>(`SELECT current_setting('block_size') AS bytes`)
  const tasks = cutTables(sizes, { ...taskLimits, blockBytes: Number(blockBytes[0]?.bytes), workers: jobs })
  const setup: ReadSetup = { connection, databaseEncoding: manifest.databaseProperties.encoding, tables: targets }
  const results = await runOnWorkers([...tasks, [{ table: tables.length }]], {
    workers: jobs,
    open: (either) => openReadWorker({ ...setup, signal: either, progress: onRead }),
    furtherThreads: { module: new URL('./read-thread.ts', import.meta.url), setup, progress: onRead },
    subject: connection.database,
    signal,
  })
  const contents = targets.map(() => nothing)
  for (const { table, rows, bytes, digest } of results.flat()) {
    const sum = contents[table] ?? nothing
    contents[table] = { rows: sum.rows + rows, bytes: sum.bytes + bytes, digest: addDigests(sum.digest, digest) }
  }
  return { tables: contents.slice(0, tables.length), pages: contents[tables.length] ?? nothing }
}
