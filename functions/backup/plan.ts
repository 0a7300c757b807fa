import { largeObjects, type PageRange, pageRanges, type ReadTarget } from '../archive/read-table.ts'
import type { SourceTable } from './source-tables.ts'

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
/** Below this a unit costs more to store than it saves by being read beside the others. */
const minUnitBytes = 256 * 1024
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
  const target = Math.max(Math.min(unitBytes, Math.ceil(total / (workers * 4))), Math.ceil(total / maxUnits), minUnitBytes)
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
  // Large objects are digested like a table, the one after the last. Nothing says how long that takes: it comes first.
  return [
    { type: 'digest', chunks: [...digests, { table: tables.length }] },
    ...units.map((chunks, index): PlannedTask => ({ type: 'unit', unit: index + 1, chunks })),
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
