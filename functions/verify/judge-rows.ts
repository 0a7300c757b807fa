import type { Manifest, ManifestTable } from '../archive/manifest.ts'
import { addDigests, emptyDigest } from '../archive/row-digest.ts'
import type { Findings } from './findings.ts'
import type { Compared } from './report.ts'
import { type RowPlan, tablesAt } from './row-plan.ts'

/** What a chunk of a table held, as it was read back; `table` is its place among what was read. */
export interface ReadContent {
  table: number
  rows: number
  bytes: number
  digest: string
}

interface Content {
  rows: number
  bytes: number
  /** Absent where the rows were only counted. */
  digest?: string
}

export type RowCounts = Pick<Compared, 'tables' | 'digestTables' | 'rows' | 'rawBytes' | 'largeObjectPages'>

const nothing = { rows: 0, bytes: 0, digest: emptyDigest }

/**
 * Compares what was read back and counted with what the backup recorded.
 *
 * @param contents of the plan's tables and, after them, the large objects, chunk by chunk.
 * @param counts of the tables that were only counted, in their order.
 */
export function judgeRows(
  manifest: Manifest,
  { read, counted, roots }: RowPlan,
  contents: readonly ReadContent[],
  counts: readonly number[],
  findings: Findings,
): RowCounts {
  const sums = [...read, 'large objects'].map(() => nothing)
  for (const { table, rows, bytes, digest } of contents) {
    const sum = sums[table] ?? nothing
    sums[table] = { rows: sum.rows + rows, bytes: sum.bytes + bytes, digest: addDigests(sum.digest, digest) }
  }
  const pages = sums[read.length] ?? nothing
  const found: Content[] = [
    ...sums.slice(0, read.length),
    ...counted.map((_, index) => ({ rows: counts[index] ?? 0, bytes: 0 })),
  ]
  for (const group of grouped(manifest, [...read, ...counted], found, new Map(roots))) compareGroup(group, findings)
  compareLargeObjects(manifest.largeObjects, pages, findings)
  return {
    tables: found.length,
    digestTables: read.length,
    rows: found.reduce((sum, { rows }) => sum + rows, 0),
    rawBytes: found.reduce((sum, { bytes }) => sum + bytes, 0),
    largeObjectPages: pages.rows,
  }
}

function compareLargeObjects(expected: Manifest['largeObjects'], actual: typeof nothing, findings: Findings): void {
  if (actual.rows === expected.pages && actual.digest === expected.digest) return
  findings.add('large objects', 'differ from what the source held', {
    expected: `${expected.pages} pages, digest ${expected.digest}`,
    actual: `${actual.rows} pages, digest ${actual.digest}`,
  })
}

/** Tables that are compared as one, nearly always a single one. */
interface Group {
  name: string
  tables: ManifestTable[]
  contents: Content[]
}

function grouped(
  manifest: Manifest,
  places: readonly number[],
  contents: readonly Content[],
  roots: ReadonlyMap<number, string>,
): Group[] {
  const groups = new Map<string | number, Group>()
  const tables = tablesAt(manifest, places)
  tables.forEach((table, index) => {
    const place = places[index] ?? -1
    const root = roots.get(place)
    const group = groups.get(root ?? place) ?? { name: root ?? `${table.schema}.${table.name}`, tables: [], contents: [] }
    group.tables.push(table)
    group.contents.push(contents[index] ?? nothing)
    groups.set(root ?? place, group)
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
