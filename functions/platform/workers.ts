import { throwIfAborted } from './abort.ts'
import { sideBySide } from './side-by-side.ts'

/** One of several that work through the same list, such as a connection. */
export interface Worker<Task, Result> {
  run(task: Task): Promise<Result>
  /** Releases what it holds; called once, also after a failure. */
  close(): Promise<void>
}

export interface WorkersOptions<Task, Result> {
  /** How many at most; never more than there are tasks. */
  workers: number
  /** Opens one; everything it does must end soon when the signal fires. */
  open(signal: AbortSignal): Promise<Worker<Task, Result>>
  /** What is worked on, for the Failure of one that breaks. */
  subject: string
  signal?: AbortSignal
}

/**
 * Runs the tasks, the first ones first, each worker one at a time, and returns their results in the order of the tasks.
 * The first failure stops everything and is thrown when all workers are closed.
 */
export async function runOnWorkers<Task, Result>(
  tasks: readonly Task[],
  { workers, open, subject, signal: outer }: WorkersOptions<Task, Result>,
): Promise<Result[]> {
  const results: Result[] = []
  const waiting = tasks.entries()
  const work = async (signal: AbortSignal): Promise<void> => {
    const worker = await open(signal)
    try {
      for (const [index, task] of waiting) {
        throwIfAborted(signal, subject)
        results[index] = await worker.run(task)
      }
    } finally {
      await worker.close()
    }
  }
  const count = Math.min(workers, tasks.length)
  await sideBySide(outer, subject, (signal) => Array.from({ length: count }, () => work(signal)))
  return results
}
