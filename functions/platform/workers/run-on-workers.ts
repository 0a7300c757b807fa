import { throwIfAborted } from '../abort.ts'
import { sideBySide } from '../side-by-side.ts'
import type { Worker } from './worker.ts'
import { type ThreadEntry, WorkerThread } from './worker-thread.ts'

export interface WorkersOptions<Task, Result> {
  /** How many at most; never more than there are tasks. */
  workers: number
  /** Opens one in this thread; everything it does must end soon when the signal fires. */
  open(signal: AbortSignal): Promise<Worker<Task, Result>>
  /** Opens the others, from the fourth on. */
  furtherThreads: ThreadEntry
  /** What is worked on, for the Failure of one that breaks. */
  subject: string
  signal?: AbortSignal
}

/** By its processor time a thread is full with about as many (docs/decisions/0007); fewer would pay for a thread of their own. */
const workersPerThread = 3

/**
 * Runs the tasks, the first ones first, each worker one at a time, and returns their results in the order of the tasks.
 * Three workers share this thread, the others further threads. The first failure stops everything and is thrown when all
 * workers are closed and all further threads have ended.
 */
export async function runOnWorkers<Task, Result>(
  tasks: readonly Task[],
  { workers, open, furtherThreads, subject, signal: outer }: WorkersOptions<Task, Result>,
): Promise<Result[]> {
  const results: Result[] = []
  const waiting = tasks.entries()
  const work = async (signal: AbortSignal, opening: Promise<Worker<Task, Result>>): Promise<void> => {
    await runOnWorker(await opening, waiting, { signal, subject }, (index, result) => {
      results[index] = result
    })
  }
  const count = Math.min(workers, tasks.length)
  const here = Math.min(count, workersPerThread)
  const threads: WorkerThread<Task, Result>[] = []
  try {
    await sideBySide(outer, subject, (signal) => {
      const there = evenly(count - here, workersPerThread).flatMap((size) => {
        const thread = new WorkerThread<Task, Result>(furtherThreads, subject, signal)
        threads.push(thread)
        return Array.from({ length: size }, () => work(signal, thread.open()))
      })
      return [...Array.from({ length: here }, () => work(signal, open(signal))), ...there]
    })
  } finally {
    await Promise.all(threads.map((thread) => thread.end()))
  }
  return results
}

/**
 * Runs tasks on one worker, one after another, and closes it. What is done with a result is waited for at the end alone: the next
 * task begins meanwhile.
 *
 * @param tasks each with its number.
 */
export async function runOnWorker<Task, Result>(
  worker: Worker<Task, Result>,
  tasks: Iterable<[number, Task]>,
  { signal, subject }: { signal: AbortSignal; subject: string },
  done: (index: number, result: Result) => void | Promise<void>,
): Promise<void> {
  const running: Promise<void>[] = []
  try {
    for (const [index, task] of tasks) {
      throwIfAborted(signal, subject)
      const free = Promise.withResolvers<void>()
      const run = worker.run(task, free.resolve).then((result) => done(index, result))
      // Seen when all results are awaited, if not at once.
      run.catch(() => undefined)
      running.push(run)
      await Promise.race([run, free.promise])
    }
    await Promise.all(running)
  } finally {
    await worker.close()
  }
}

/** Splits a number into as few parts of at most the given size as possible, as equal as possible. */
function evenly(total: number, most: number): number[] {
  const parts = Math.ceil(total / most)
  return Array.from({ length: parts }, (_, index) => Math.floor((total + index) / parts))
}
