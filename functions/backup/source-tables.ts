/** One table of the source, as the plan needs it. */
export interface SourceTable {
  schema: string
  name: string
  oid: number
  columns: string[]
  /** Lives in a heap, so that ctid ranges cut it; other access methods are copied whole. */
  heap: boolean
  /** Set when only pg_dump can carry the rows safely: why. */
  leftToPgDump?: string
  /** For configuration tables of extensions: the WHERE clause. */
  filter?: string
  heapBytes: number
  toastBytes: number
}

/** A row of `tablesSql`. */
export interface TableRow {
  oid: string
  schema: string
  name: string
  unlogged: boolean
  heap: boolean
  inExtension: boolean
  filter: string | null
  readable: boolean
  filtered: boolean
  hashedByEnum: boolean
  columns: string[]
}

/** A table that stays out of the set, for the manifest. */
export interface Omission {
  subject: string
  reason: string
}

/** Tells the tables to copy from those to leave out, without asking the server anything. */
export function chooseTables(rows: readonly TableRow[], standby: boolean): { tables: SourceTable[]; omitted: Omission[] } {
  const tables: SourceTable[] = []
  const omitted: Omission[] = []
  for (const row of rows) {
    if (row.unlogged && standby) {
      omitted.push({ subject: `table ${row.schema}.${row.name}`, reason: 'unlogged: a standby does not have its rows' })
    } else {
      tables.push(sourceTable(row))
    }
  }
  return { tables, omitted }
}

function sourceTable(row: TableRow): SourceTable {
  const reason = row.inExtension
    ? 'configuration of an extension'
    : row.hashedByEnum
      ? 'hash partitions of an enum: another server may hash its values differently'
      : undefined
  return {
    schema: row.schema,
    name: row.name,
    oid: Number(row.oid),
    columns: row.columns,
    heap: row.heap,
    ...(reason === undefined ? {} : { leftToPgDump: reason }),
    ...(row.filter === null || row.filter === '' ? {} : { filter: row.filter }),
    heapBytes: 0,
    toastBytes: 0,
  }
}
