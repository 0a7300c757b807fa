import type { Manifest, ManifestTable } from '../archive/manifest.ts'
import { Failure } from '../platform/failure.ts'
import type { TocEntry } from './toc.ts'

/** What to restore of a set; both empty means everything. */
export interface Wanted {
  /** Schema names. */
  schemas: readonly string[]
  /** `table` or `schema.table`, unquoted. */
  tables: readonly string[]
}

/** A part of a set, with all that belongs to it. */
export interface Selection {
  /** Undefined: every entry of the archive. */
  dumpIds: ReadonlySet<number> | undefined
  tables: ManifestTable[]
  /** What belongs to the chosen tables and stays out, because it needs something that was not chosen. */
  leftOut: string[]
}

/** Entries that exist only for the table they depend on. */
const belongsToTable = new Set([
  'ACL',
  'CHECK CONSTRAINT',
  'COMMENT',
  'CONSTRAINT',
  'DEFAULT',
  'FK CONSTRAINT',
  'INDEX',
  'INDEX ATTACH',
  'POLICY',
  'ROW SECURITY',
  'RULE',
  'SECURITY LABEL',
  'SEQUENCE',
  'SEQUENCE OWNED BY',
  'SEQUENCE SET',
  'STATISTICS',
  'STATISTICS DATA',
  'TABLE ATTACH',
  'TABLE DATA',
  'TRIGGER',
])

/** A belonging that needs one of these needs it chosen as well: the target may not have it. */
const mustComeAlong = new Set([
  'TABLE',
  'FOREIGN TABLE',
  'VIEW',
  'MATERIALIZED VIEW',
  'FUNCTION',
  'PROCEDURE',
  'CONSTRAINT',
  'INDEX',
])

const tableTypes = new Set(['TABLE', 'FOREIGN TABLE'])

/** Chooses the archive's entries and the manifest's tables; a name that matches nothing is a config Failure. */
export function select(manifest: Manifest, toc: readonly TocEntry[], wanted: Wanted): Selection {
  if (wanted.schemas.length === 0 && wanted.tables.length === 0) {
    return { dumpIds: undefined, tables: manifest.tables, leftOut: [] }
  }
  refuseUnknown(toc, wanted)
  const chosen = new Set<number>()
  for (const entry of toc) {
    const inSchema = wanted.schemas.includes(entry.schema) || (entry.type === 'SCHEMA' && wanted.schemas.includes(entry.tag))
    const isTable = tableTypes.has(entry.type) && wanted.tables.some((name) => matches(name, entry))
    if (inSchema || isTable) chosen.add(entry.dumpId)
  }
  addOwnedSequences(manifest, toc, chosen)
  const leftOut = addBelongings(toc, chosen)
  const chosenTables = new Set(toc.filter((e) => tableTypes.has(e.type) && chosen.has(e.dumpId)).map((e) => e.oid))
  return { dumpIds: chosen, tables: manifest.tables.filter((table) => chosenTables.has(table.oid)), leftOut }
}

/** The entries that --clean drops by name. Indexes and keys go with their table, and those of a partition only with it. */
export function droppedByName(toc: readonly TocEntry[], { dumpIds }: Selection): Set<number> {
  const dropped = toc.filter(({ dumpId, type }) => dumpIds?.has(dumpId) !== false && type !== 'CONSTRAINT' && type !== 'INDEX')
  return new Set(dropped.map(({ dumpId }) => dumpId))
}

/** A file for pg_restore --use-list: the chosen entries, in the archive's order. */
export function useList(toc: readonly TocEntry[], chosen: ReadonlySet<number>): string {
  return toc
    .filter((entry) => chosen.has(entry.dumpId))
    .map((entry) => `${entry.dumpId}; ${entry.catalogOid} ${entry.oid} ${entry.type}\n`)
    .join('')
}

/** Adds the sequences that feed a column of a chosen table: the archive does not say whose they are. */
function addOwnedSequences(manifest: Manifest, toc: readonly TocEntry[], chosen: Set<number>): void {
  const tables = new Set(toc.filter((e) => tableTypes.has(e.type) && chosen.has(e.dumpId)).map((e) => nameKey(e.schema, e.tag)))
  const owned = new Set(
    manifest.sequences.flatMap(({ schema, name, owner }) =>
      owner !== undefined && tables.has(nameKey(owner.schema, owner.table)) ? [nameKey(schema, name)] : [],
    ),
  )
  for (const entry of toc) {
    if (entry.type === 'SEQUENCE' && owned.has(nameKey(entry.schema, entry.tag))) chosen.add(entry.dumpId)
  }
}

function nameKey(schema: string, name: string): string {
  return JSON.stringify([schema, name])
}

/** Adds what belongs to the chosen entries; in the archive's order a belonging comes after what it belongs to. */
function addBelongings(toc: readonly TocEntry[], chosen: Set<number>): string[] {
  const types = new Map(toc.map((entry) => [entry.dumpId, entry.type]))
  const leftOut: string[] = []
  for (const entry of toc) {
    if (chosen.has(entry.dumpId) || !belongsToTable.has(entry.type)) continue
    if (!entry.dependencies.some((id) => chosen.has(id))) continue
    const missing = entry.dependencies.some((id) => !chosen.has(id) && mustComeAlong.has(types.get(id) ?? ''))
    if (missing) leftOut.push(`${entry.type} ${entry.tag}`)
    else chosen.add(entry.dumpId)
  }
  return leftOut
}

function matches(wanted: string, entry: TocEntry): boolean {
  return wanted === entry.tag || wanted === `${entry.schema}.${entry.tag}`
}

function refuseUnknown(toc: readonly TocEntry[], wanted: Wanted): void {
  const tables = toc.filter((entry) => tableTypes.has(entry.type))
  const missing = [
    ...wanted.schemas.filter(
      (name) => !toc.some((entry) => entry.schema === name || (entry.type === 'SCHEMA' && entry.tag === name)),
    ),
    ...wanted.tables.filter((name) => !tables.some((entry) => matches(name, entry))),
  ]
  if (missing.length === 0) return
  throw new Failure(`the set holds nothing named ${missing.map((name) => JSON.stringify(name)).join(', ')}`, {
    kind: 'config',
    subject: missing[0] ?? '',
    hint: 'Names are written as they are stored, without quotes: --schema sales, --table sales.orders.',
  })
}
