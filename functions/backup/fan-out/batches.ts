import { minUnitBytes, type PlannedTask, planTasks } from '../plan.ts'
import type { SourceTable } from '../source-tables.ts'

/** Tasks that one call of the step `copy` works through, one after another: those from `first` up to but not including `end`. */
export interface Batch {
  first: number
  end: number
}

/** Bytes on the source's disk in one batch: some tens of seconds of work, so that a start costs little and a repetition too. */
const batchBytes = 1024 * 1024 * 1024
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

/** Cuts the tables into tasks for so many workers, each of which is one call after another, and groups these into batches. */
export function planWork(tables: readonly SourceTable[], blockBytes: number, workers: number): PlannedWork {
  const bytes = tables.reduce((sum, { heapBytes, toastBytes }) => sum + heapBytes + toastBytes, 0)
  const least = Math.min(leastBatchBytes, bytes / (workers * leastBatchesOfWorker))
  const tasks = planTasks(tables, blockBytes, workers, Math.max(minUnitBytes, Math.ceil(least / leastUnitsOfBatch)))
  return { tasks, batches: planBatches(tasks, taskBytes(tables, blockBytes), workers, least) }
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
  least: number,
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
    const most = Math.max(least, Math.min(batchBytes, left / workers))
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
