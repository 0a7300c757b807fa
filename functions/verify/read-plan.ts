import { type HeapSize, type PageRange, pageRanges } from '../archive/read-table.ts'

/** One COPY. */
export interface ReadChunk {
  /** Index into the list of tables that was planned. */
  table: number
  range?: PageRange
}

/** What one worker reads in one go. */
export interface ReadTask {
  chunks: ReadChunk[]
}

/** What is read, and how large it is on disk; a filtered table is read whole. */
export interface PlannedTable extends HeapSize {
  filtered: boolean
}

const mebibyte = 1024 * 1024
/** Enough that handing out a task costs nothing beside it, and little enough that no worker is left with much. */
const minTaskBytes = 4 * mebibyte
const maxTaskBytes = 64 * mebibyte
const maxChunksPerTask = 200

/** Cuts the tables into tasks of some seconds each, the largest tables first. */
export function planReads(tables: readonly PlannedTable[], blockBytes: number, workers: number): ReadTask[] {
  const size = (table: PlannedTable): number => table.heapBytes + table.toastBytes
  const total = tables.reduce((sum, table) => sum + size(table), 0)
  const target = Math.max(Math.min(maxTaskBytes, Math.ceil(total / (workers * 4))), minTaskBytes)
  const bySize = tables.map((table, index) => ({ table, index })).sort((a, b) => size(b.table) - size(a.table))
  const tasks: ReadTask[] = []
  let shared: ReadChunk[] = []
  let sharedBytes = 0
  for (const { table, index } of bySize) {
    if (size(table) >= target) {
      const ranges = table.filtered ? [undefined] : pageRanges(table, blockBytes, target)
      for (const range of ranges) tasks.push({ chunks: [{ table: index, ...(range && { range }) }] })
      continue
    }
    shared.push({ table: index })
    sharedBytes += size(table)
    if (sharedBytes >= target || shared.length >= maxChunksPerTask) {
      tasks.push({ chunks: shared })
      shared = []
      sharedBytes = 0
    }
  }
  if (shared.length > 0) tasks.push({ chunks: shared })
  return tasks
}
