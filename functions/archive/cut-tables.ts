import type { HeapSize, PageRange } from './read-table.ts'

/** One COPY: a table or a range of it. */
export interface TableChunk {
  /** Index into the list of tables that was cut. */
  table: number
  range?: PageRange
}

/** A table that may be cut. */
export interface Cuttable extends HeapSize {
  /** Read in one go whatever its size, because a range cannot be named for it. */
  whole?: boolean
}

/** How large one worker's tasks may be. */
export interface CutLimits {
  blockBytes: number
  workers: number
  /** Bytes on disk, TOAST counted with the heap. */
  minBytes: number
  maxBytes: number
  /** Chunks in one task. */
  maxChunks: number
}

/** Of what is left, the share of one worker that its next task takes: what it may keep the others waiting at the end. */
const shareOfRest = 0.5

/**
 * Cuts tables into tasks for workers that take one after another: the largest table first, and tasks that become
 * smaller towards the end, so that all workers end together (guided self-scheduling: Polychronopoulos and Kuck, 1987).
 * Small tables share a task. The same tables give the same tasks; indexes are those of the given list.
 */
export function cutTables(tables: readonly Cuttable[], limits: CutLimits): TableChunk[][] {
  // Numbers instead of an object for each: there may be a million tables.
  const sizes = Float64Array.from(tables, ({ heapBytes, toastBytes }) => heapBytes + toastBytes)
  const bySize = Uint32Array.from(sizes.keys()).sort((a, b) => (sizes[b] ?? 0) - (sizes[a] ?? 0) || a - b)
  let left = sizes.reduce((sum, bytes) => sum + bytes, 0)
  const target = (): number =>
    Math.min(limits.maxBytes, Math.max(limits.minBytes, Math.ceil((left / limits.workers) * shareOfRest)))
  const tasks: TableChunk[][] = []
  let shared: TableChunk[] = []
  let sharedBytes = 0
  const endShared = (): void => {
    if (shared.length > 0) tasks.push(shared)
    left -= sharedBytes
    shared = []
    sharedBytes = 0
  }
  for (const index of bySize) {
    const [table, bytes] = [tables[index], sizes[index] ?? 0]
    if (table === undefined) throw new RangeError(`there is no table ${index}`)
    if (bytes < target()) {
      shared.push({ table: index })
      sharedBytes += bytes
      if (sharedBytes >= target() || shared.length >= limits.maxChunks) endShared()
      continue
    }
    const pages = Math.floor(table.heapBytes / limits.blockBytes)
    const pageBytes = pages === 0 ? 0 : bytes / pages
    let from = 0
    while (table.heap && table.whole !== true && from < pages) {
      const count = Math.max(1, Math.floor(target() / pageBytes))
      // No last piece that is hardly worth its own COPY.
      if (from + count * 1.5 >= pages) break
      tasks.push([{ table: index, range: { from, to: from + count } }])
      left -= count * pageBytes
      from += count
    }
    tasks.push([{ table: index, ...(from === 0 ? {} : { range: { from } }) }])
    left -= bytes - from * pageBytes
  }
  endShared()
  return tasks
}
