import { parentPort, workerData } from 'node:worker_threads'
import { toFailure } from '../failure.ts'
import { type FromThread, failureFromRecord, failureRecord, type ToThread } from './messages.ts'
import type { Worker } from './worker.ts'

/** What the workers of a thread are made with, beside the thread's setup. */
export interface ThreadContext {
  /** Fires when the run is given up. */
  signal: AbortSignal
  progress(bytes: number): void
}

/**
 * The whole of a thread's entry: opens workers when the run asks for them, and does with each what the run asks of it.
 * Setup, tasks and results are plain data; what fails goes back as a Failure with all it says. The run ends the thread.
 *
 * @param begin returns what opens a worker.
 */
export function serveWorkers<Setup, Task, Result>(
  begin: (setup: Setup, context: ThreadContext) => () => Promise<Worker<Task, Result>>,
): void {
  const port = parentPort
  if (port === null) throw new Error('this module runs in a thread only')
  const send = (message: FromThread<Result>): void => port.postMessage(message)
  const stop = new AbortController()
  const progress = new Progress((bytes) => send({ type: 'progress', bytes }))
  const open = begin(workerData as Setup, { signal: stop.signal, progress: (bytes) => progress.add(bytes) })
  const workers = new Map<number, Worker<Task, Result>>()

  const perform = async (message: Exclude<ToThread<Task>, { type: 'stop' }>): Promise<Result | undefined> => {
    if (message.type === 'open') {
      workers.set(message.worker, await open())
      return undefined
    }
    const worker = workers.get(message.worker)
    if (worker === undefined) throw new RangeError(`worker ${message.worker} is not open`)
    if (message.type === 'run') return await worker.run(message.task, () => send({ type: 'free', call: message.call }))
    await worker.close()
    return undefined
  }

  port.on('message', (message: ToThread<Task>) => {
    if (message.type === 'stop') return stop.abort(failureFromRecord(message.reason))
    const { call } = message
    const answered = perform(message).then(
      (result): FromThread<Result> => ({ type: 'done', call, ...(result !== undefined && { result }) }),
      (error: unknown): FromThread<Result> => ({
        type: 'failed',
        call,
        failure: failureRecord(toFailure(error, 'a thread of this run')),
      }),
    )
    void answered.then((answer) => {
      progress.flush()
      send(answer)
    })
  })
}

const progressEveryMs = 250

/** Adds up what is reported, and passes it on a few times a second: a message for each block was as dear as the digest (measured). */
class Progress {
  readonly #send: (bytes: number) => void
  #waitingBytes = 0
  #sentMs = 0

  constructor(send: (bytes: number) => void) {
    this.#send = send
  }

  add(bytes: number): void {
    this.#waitingBytes += bytes
    if (Date.now() - this.#sentMs >= progressEveryMs) this.flush()
  }

  flush(): void {
    if (this.#waitingBytes > 0) this.#send(this.#waitingBytes)
    this.#waitingBytes = 0
    this.#sentMs = Date.now()
  }
}
