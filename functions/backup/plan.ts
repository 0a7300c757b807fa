import { columnList, identifier, qualified } from '../archive/copy-text.ts'
import { largeObjectRowsSql } from './source-sql.ts'
import type { SourceTable } from './source-tables.ts'

/** Heap pages [from, to) of a table; an open end takes whatever the table holds, also pages added since it was sized. */
export interface PageRange {
  from: number
  to?: number
}

/** One COPY: a table or a range of it. */
export interface PlannedChunk {
  /** Index into the list of tables that was planned. */
  table: number
  range?: PageRange
}

/** What one worker reads in one go. A unit becomes one object; rows that pg_dump stores are only digested. */
export type PlannedTask = { type: 'unit'; unit: number; chunks: PlannedChunk[] } | { type: 'digest'; chunks: PlannedChunk[] }

/** Bytes on the source's disk that one unit should hold: some seconds of work, a few parts of an upload. */
const unitBytes = 64 * 1024 * 1024
/** Beyond this many units per set the units grow instead. */
const maxUnits = 20_000
/** Tables per unit: a lock list and a manifest that stay small. */
const maxTablesPerUnit = 200

/**
 * Cuts the tables into tasks, the largest first, so that no worker is left with a large one at the end. The same tables
 * give the same plan.
 */
export function planTasks(tables: readonly SourceTable[], blockBytes: number, workers: number): PlannedTask[] {
  const total = tables.reduce((sum, table) => sum + table.heapBytes + table.toastBytes, 0)
  const target = Math.max(Math.min(unitBytes, Math.ceil(total / (workers * 4))), Math.ceil(total / maxUnits), blockBytes)
  const bySize = tables.map((table, index) => ({ table, index, bytes: table.heapBytes + table.toastBytes }))
  bySize.sort((a, b) => b.bytes - a.bytes || a.index - b.index)

  const units: PlannedChunk[][] = []
  const digests: PlannedChunk[] = []
  let shared: PlannedChunk[] = []
  let sharedBytes = 0
  for (const { table, index, bytes } of bySize) {
    if (table.leftToPgDump !== undefined) {
      digests.push({ table: index })
    } else if (bytes >= target) {
      for (const range of pageRanges(table, blockBytes, target)) units.push([{ table: index, ...(range && { range }) }])
    } else {
      shared.push({ table: index })
      sharedBytes += bytes
      if (sharedBytes >= target || shared.length >= maxTablesPerUnit) {
        units.push(shared)
        shared = []
        sharedBytes = 0
      }
    }
  }
  if (shared.length > 0) units.push(shared)
  const tasks: PlannedTask[] = units.map((chunks, index) => ({ type: 'unit', unit: index + 1, chunks }))
  // Large objects are digested like a table, the one after the last.
  tasks.push({ type: 'digest', chunks: [...digests, { table: tables.length }] })
  return tasks
}

/** The tables as workers need them, then the large objects; indexes are those that chunks use. */
export function workerTables(tables: readonly SourceTable[]): ReadTarget[] {
  return [
    ...tables.map(({ schema, name, columns, filter }) => ({
      schema,
      name,
      columns,
      ...(filter === undefined ? {} : { filter }),
    })),
    { schema: 'pg_catalog', name: 'pg_largeobject', columns: [], query: largeObjectRowsSql },
  ]
}

/** Equal page ranges of about `target` bytes, TOAST counted with the heap; the last one is open. */
function pageRanges(table: SourceTable, blockBytes: number, target: number): (PageRange | undefined)[] {
  const pages = Math.floor(table.heapBytes / blockBytes)
  const pieces = Math.min(Math.ceil((table.heapBytes + table.toastBytes) / target), pages)
  if (!table.heap || pieces < 2) return [undefined]
  return Array.from({ length: pieces }, (_, piece) => {
    const from = Math.floor((pages * piece) / pieces)
    return piece === pieces - 1 ? { from } : { from, to: Math.floor((pages * (piece + 1)) / pieces) }
  })
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
