import { minUnitBytes, type PlannedTask, planTasks } from '../plan.ts'
import type { SourceTable } from '../source-tables.ts'

/** Tasks that one call of the step `copy` works through, one after another: those from `first` up to but not including `end`. */
export interface Batch {
  first: number
  end: number
}

/** Bytes on the source's disk in one batch: some tens of seconds of work, so that a start costs little and a repetition too. */
const batchBytes = 1024 * 1024 * 1024
/** What the slowest call copies of them in a second: its batch fits into its time all the same. */
const slowestBytesPerSecond = 2 * 1024 * 1024
const maxTasks = 64
/** A call that copies less than this costs more than it copies; a small source has some batches for each worker all the same. */
const [leastBatchBytes, leastBatchesOfWorker] = [128 * 1024 * 1024, 4]
/** The smallest batch has about so many units: smaller ones would balance nothing, since a batch is what a worker takes. */
const leastUnitsOfBatch = 4

/** What is to be done, and how it is grouped for the calls that do it. */
export interface PlannedWork {
  tasks: PlannedTask[]
  batches: Batch[]
}

/** Who copies: each worker is one call after another. */
export interface Copying {
  workers: number
  /** Of one call. */
  callSeconds: number
}

/** Cuts the tables into tasks for so many workers, and groups these into batches that a call has the time for. */
export function planWork(tables: readonly SourceTable[], blockBytes: number, { workers, callSeconds }: Copying): PlannedWork {
  const bytes = tables.reduce((sum, { heapBytes, toastBytes }) => sum + heapBytes + toastBytes, 0)
  const most = Math.min(batchBytes, callSeconds * slowestBytesPerSecond)
  const least = Math.min(leastBatchBytes, most, bytes / (workers * leastBatchesOfWorker))
  const tasks = planTasks(tables, blockBytes, workers, Math.max(minUnitBytes, Math.ceil(least / leastUnitsOfBatch)))
  return { tasks, batches: planBatches(tasks, taskBytes(tables, blockBytes), workers, { least, most }) }
}

/**
 * Groups tasks into batches, in their order: as many as make some work, and fewer towards the end, at most one worker's share of
 * what is left, so that all workers end together. That is twice the share that a task takes: in a batch of one unit nothing is
 * read while that unit is completed (measured). What is only digested comes first and alone: nothing says how long it takes.
 */
function planBatches(
  tasks: readonly PlannedTask[],
  bytesOf: (task: PlannedTask) => number,
  workers: number,
  bounds: { least: number; most: number },
): Batch[] {
  let left = tasks.reduce((sum, task) => sum + bytesOf(task), 0)
  const batches: Batch[] = []
  let first = 0
  let bytes = 0
  const endAt = (end: number): void => {
    if (end > first) batches.push({ first, end })
    left -= bytes
    first = end
    bytes = 0
  }
  tasks.forEach((task, index) => {
    const own = bytesOf(task)
    const most = Math.max(bounds.least, Math.min(bounds.most, left / workers))
    if (bytes + own > most || index - first >= maxTasks) endAt(index)
    bytes += own
    if (task.type === 'digest') endAt(index + 1)
  })
  endAt(tasks.length)
  return batches
}

/** What a task reads from disk, TOAST counted with the heap; the open range of a table takes the rest of it. */
export function taskBytes(tables: readonly SourceTable[], blockBytes: number): (task: PlannedTask) => number {
  return ({ chunks }) =>
    chunks.reduce((sum, { table, range }) => {
      const { heapBytes = 0, toastBytes = 0 } = tables[table] ?? {}
      const all = heapBytes + toastBytes
      if (range === undefined || heapBytes === 0) return sum + all
      const pages = heapBytes / blockBytes
      return sum + all * (Math.max(0, Math.min(range.to ?? pages, pages) - range.from) / pages)
    }, 0)
}
