import { parentPort, workerData } from 'node:worker_threads'
import { failureRecord, toFailure } from '../failure.ts'
import type { FromWorker, ToWorker } from './messages.ts'

/** What a worker module does with its tasks. */
export interface TaskHandler<Task, Result> {
  run(task: Task): Promise<Result>
  /** Releases sessions and sockets; called once, also after a failure. */
  close(): Promise<void>
}

/** What a handler is made with. */
export interface TaskContext {
  /** Aborted when the run is given up; everything under way must end soon and release what it holds. */
  signal: AbortSignal
  progress(bytes: number): void
}

const progressEveryMs = 250

/**
 * The body of a worker module: opens a handler with the pool's setup, runs its tasks one at a time, and ends. A failure
 * is reported as plain data; the thread then closes and ends.
 */
export async function serveTasks<Setup, Task, Result>(
  open: (setup: Setup, context: TaskContext) => Promise<TaskHandler<Task, Result>>,
): Promise<void> {
  const port = parentPort
  if (port === null) throw new Error('this module runs in a worker thread only')
  const send = (message: FromWorker<Result>): void => port.postMessage(message)
  const abort = new AbortController()
  const inbox = new Inbox<Task>()
  port.on('message', (message: ToWorker<Task>) => {
    if (message.type === 'stop') abort.abort(new Error('the run was given up'))
    inbox.put(message)
  })
  const progress = new ProgressReport((bytes) => send({ type: 'progress', bytes }))
  let handler: TaskHandler<Task, Result> | undefined
  try {
    handler = await open(workerData as Setup, { signal: abort.signal, progress: (bytes) => progress.add(bytes) })
    send({ type: 'ready' })
    for (let message = await inbox.take(); message.type === 'task'; message = await inbox.take()) {
      const result = await handler.run(message.task)
      progress.flush()
      send({ type: 'result', result })
    }
  } catch (error) {
    send({ type: 'failure', failure: failureRecord(toFailure(error, 'worker thread')) })
  } finally {
    await handler?.close()
    port.close()
  }
}

/** Adds up what is reported, and passes it on a few times a second: a message a block was as dear as the digest (measured). */
class ProgressReport {
  readonly #send: (bytes: number) => void
  #waiting = 0
  #sentMs = 0

  constructor(send: (bytes: number) => void) {
    this.#send = send
  }

  add(bytes: number): void {
    this.#waiting += bytes
    if (Date.now() - this.#sentMs >= progressEveryMs) this.flush()
  }

  flush(): void {
    if (this.#waiting > 0) this.#send(this.#waiting)
    this.#waiting = 0
    this.#sentMs = Date.now()
  }
}

/** Messages in order; at most one task and one end are ever waiting. */
class Inbox<Task> {
  readonly #waiting: ToWorker<Task>[] = []
  #taker: ((message: ToWorker<Task>) => void) | undefined

  put(message: ToWorker<Task>): void {
    const taker = this.#taker
    this.#taker = undefined
    if (taker === undefined) this.#waiting.push(message)
    else taker(message)
  }

  take(): Promise<ToWorker<Task>> {
    const message = this.#waiting.shift()
    if (message !== undefined) return Promise.resolve(message)
    return new Promise((resolve) => {
      this.#taker = resolve
    })
  }
}
