import { columnList, identifier, qualified } from './copy-text.ts'

/** Heap pages [from, to) of a table; an open end takes whatever the table holds, also pages added since it was sized. */
export interface PageRange {
  from: number
  to?: number
}

/** What a COPY reads. */
export interface ReadTarget {
  schema: string
  name: string
  columns: readonly string[]
  filter?: string
  /** Read this instead of a table, which then needs no lock. */
  query?: string
}

/** What a table occupies. */
export interface HeapSize {
  /** Lives in a heap, so that ctid ranges cut it; other access methods are read whole. */
  heap: boolean
  heapBytes: number
  /** With its index. */
  toastBytes: number
}

/** The COPY that reads a chunk. A table alone needs no SELECT; one with a filter or a range does. */
export function copyOutSql(table: ReadTarget, range?: PageRange): string {
  if (table.query !== undefined) return `COPY (${table.query}) TO STDOUT`
  const conditions = range === undefined ? [] : [`ctid >= '(${range.from},0)'`]
  if (range?.to !== undefined) conditions.push(`ctid < '(${range.to},0)'`)
  if (conditions.length === 0 && table.filter === undefined) {
    return `COPY ${qualified(table)}${columnList(table.columns)} TO STDOUT`
  }
  // An extension's filter is a whole clause: `WHERE ...`, as pg_extension_config_dump took it.
  const where = table.filter ?? `WHERE ${conditions.join(' AND ')}`
  return `COPY (SELECT ${table.columns.map(identifier).join(', ')} FROM ONLY ${qualified(table)} ${where}) TO STDOUT`
}

/**
 * Every page of every large object, as COPY-able rows. Reads by lo_get, because pg_largeobject itself is closed to
 * all but superusers; pages end where a further byte cannot be read.
 */
const largeObjectRowsSql = `
WITH RECURSIVE page(lo, number) AS (
  SELECT oid, 0::bigint FROM pg_largeobject_metadata
  UNION ALL
  SELECT lo, number + 1 FROM page WHERE length(lo_get(lo, (number + 1) * 1048576, 1)) > 0)
SELECT lo, number, lo_get(lo, number * 1048576, 1048576) FROM page`

/** The large objects, read like one more table. */
export const largeObjects: ReadTarget = { schema: 'pg_catalog', name: 'pg_largeobject', columns: [], query: largeObjectRowsSql }
