import type { PlannedTask } from '../plan.ts'
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
const [leastBatchBytes, leastBatchesOfWorker] = [64 * 1024 * 1024, 4]
/** Of what is left, the share of one worker that its next batch takes, as in the plan of the tasks. */
const shareOfRest = 0.5

/**
 * Groups tasks into batches, in their order: as many as make some work, and fewer towards the end, so that all workers end
 * together. What is only digested comes first and alone: nothing says how long it takes.
 */
export function planBatches(tasks: readonly PlannedTask[], bytesOf: (task: PlannedTask) => number, workers: number): Batch[] {
  let left = tasks.reduce((sum, task) => sum + bytesOf(task), 0)
  const least = Math.min(leastBatchBytes, left / (workers * leastBatchesOfWorker))
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
    const most = Math.max(least, Math.min(batchBytes, (left / workers) * shareOfRest))
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
