import { cutTables, type TableChunk } from '../archive/cut-tables.ts'
import { largeObjects, type ReadTarget } from '../archive/read-table.ts'
import type { SourceTable } from './source-tables.ts'

/** What one worker reads in one go. A unit becomes one object; rows that pg_dump stores are only digested. */
export type PlannedTask = { type: 'unit'; unit: number; chunks: TableChunk[] } | { type: 'digest'; chunks: TableChunk[] }

/** Bytes on the source's disk that one unit holds at most: some seconds of work, a few parts of an upload. */
const unitBytes = 64 * 1024 * 1024
/** Below this a unit costs more to store than it saves by being read beside the others. */
export const minUnitBytes = 256 * 1024
/** Beyond about this many units per set the units grow instead. */
const maxUnits = 20_000
/** Tables per unit: a lock list and a manifest that stay small. */
const maxTablesPerUnit = 200

/**
 * Cuts the tables into tasks, as {@link cutTables} does.
 *
 * @param leastBytes on the source's disk that a unit holds, if there are as many.
 */
export function planTasks(
  tables: readonly SourceTable[],
  blockBytes: number,
  workers: number,
  leastBytes = minUnitBytes,
): PlannedTask[] {
  const total = tables.reduce((sum, table) => sum + table.heapBytes + table.toastBytes, 0)
  const limits = {
    blockBytes,
    workers,
    minBytes: Math.max(leastBytes, Math.ceil(total / maxUnits)),
    maxBytes: Math.max(unitBytes, Math.ceil(total / maxUnits)),
    maxChunks: maxTablesPerUnit,
  }
  const stored = tables.flatMap((table, index) => (table.leftToPgDump === undefined ? [index] : []))
  const inUnits = cutTables(
    stored.flatMap((index) => tables[index] ?? []),
    limits,
  )
  const digested = tables.flatMap((table, index) => (table.leftToPgDump === undefined ? [] : [{ table: index }]))
  // Large objects are digested like a table, the one after the last. Nothing says how long that takes: it comes first.
  return [
    { type: 'digest', chunks: [...digested, { table: tables.length }] },
    ...inUnits.map((chunks, place): PlannedTask => {
      const named = chunks.map((chunk) => ({ ...chunk, table: stored[chunk.table] ?? -1 }))
      return { type: 'unit', unit: place + 1, chunks: named }
    }),
  ]
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
    largeObjects,
  ]
}
