import { once } from 'node:events'
import { Worker } from 'node:worker_threads'
import { Failure, failureFromRecord, toFailure } from '../failure.ts'
import type { FromWorker, ToWorker } from './messages.ts'

export interface PoolOptions<Setup> {
  /** Module that calls `serveTasks`. */
  module: URL
  /** Given to every worker; plain data. */
  setup: Setup
  workers: number
  /** What runs, for the Failure of a worker that dies without a word. */
  subject: string
  /** Bytes that a worker has moved since it last said so. */
  onProgress?: (bytes: number) => void
  signal?: AbortSignal
}

/** A worker that was told to stop and has not is ended after this time. */
const stopGraceMs = 10_000
/** Young generation of a worker: its rows never become JavaScript objects, so a small one is enough. */
const resourceLimits = { maxYoungGenerationSizeMb: 8 }

/**
 * Runs the tasks on worker threads, the first ones first, and returns their results in the order of the tasks.
 * The first failure stops everything: no new task starts, running ones are told to stop and release what they hold, and
 * that failure is thrown when all workers have ended.
 */
export async function runOnWorkers<Setup, Task, Result>(
  tasks: readonly Task[],
  options: PoolOptions<Setup>,
): Promise<Result[]> {
  const results: Result[] = []
  let finished = 0
  const run = new PoolRun()
  let next = 0
  const workers = Array.from({ length: Math.min(options.workers, tasks.length) }, () => {
    const worker = new Worker(options.module, { workerData: options.setup, resourceLimits })
    let current = -1
    const send = (message: ToWorker<Task>): void => worker.postMessage(message)
    const assign = (): void => {
      const task = tasks[next]
      if (task === undefined || run.failure !== undefined) {
        send({ type: 'finish' })
        return
      }
      current = next
      next += 1
      send({ type: 'task', task })
    }
    worker.on('message', (message: FromWorker<Result>) => {
      if (message.type === 'progress') return options.onProgress?.(message.bytes)
      if (message.type === 'failure') return run.fail(failureFromRecord(message.failure))
      if (message.type === 'result') {
        results[current] = message.result
        finished += 1
      }
      assign()
    })
    worker.on('error', (error) => run.fail(toFailure(error, options.subject)))
    run.onFailure(() => send({ type: 'stop' }))
    return worker
  })

  const onAbort = (): void => run.fail(gaveUp(options.signal?.reason, options.subject))
  options.signal?.addEventListener('abort', onAbort, { once: true })
  if (options.signal?.aborted === true) onAbort()
  try {
    await Promise.all(workers.map((worker) => ended(worker, run)))
  } finally {
    options.signal?.removeEventListener('abort', onAbort)
  }
  if (run.failure !== undefined) throw run.failure
  if (finished !== tasks.length) {
    throw toFailure(new Error(`${tasks.length} tasks were given out and not all came back`), options.subject)
  }
  return results
}

function gaveUp(reason: unknown, subject: string): Failure {
  if (reason instanceof Failure) return reason
  return new Failure('the run was interrupted', {
    kind: 'transient',
    subject,
    hint: 'Run it again when nothing interrupts it.',
    code: 'INTERRUPTED',
    cause: reason,
  })
}

/** The first failure of a run, and who must hear of it. */
class PoolRun {
  failure: Failure | undefined
  readonly #listeners: (() => void)[] = []

  onFailure(listener: () => void): void {
    this.#listeners.push(listener)
  }

  fail(failure: Failure): void {
    if (this.failure !== undefined) return
    this.failure = failure
    for (const listener of this.#listeners) listener()
  }
}

/** Waits for a worker's end, and makes it end when it was stopped and lingers. */
async function ended(worker: Worker, run: PoolRun): Promise<void> {
  let timer: NodeJS.Timeout | undefined
  run.onFailure(() => {
    timer = setTimeout(() => void worker.terminate(), stopGraceMs)
  })
  await once(worker, 'exit')
  clearTimeout(timer)
}
