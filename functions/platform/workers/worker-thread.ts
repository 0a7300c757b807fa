import { Worker as Thread } from 'node:worker_threads'
import { abortFailure } from '../abort.ts'
import { type Failure, toFailure } from '../failure.ts'
import { type FromThread, failureFromRecord, failureRecord, type ToThread } from './messages.ts'
import type { Worker } from './worker.ts'

/** Where a run's further workers live. */
export interface ThreadEntry {
  /** A module that calls `serveWorkers`. */
  module: URL
  /** Given to it; plain data. */
  setup: object
  /** Hears of what its workers move. */
  progress(bytes: number): void
}

interface Call<Result> {
  done(result: Result): void
  failed(failure: Failure): void
  free(): void
}

/** Its rows never become JavaScript objects, so a small young generation is enough. */
const resourceLimits = { maxYoungGenerationSizeMb: 8 }

/** A thread of its own, and the workers in it as if they were here. */
export class WorkerThread<Task, Result> {
  readonly #thread: Thread
  readonly #signal: AbortSignal
  readonly #subject: string
  readonly #calls = new Map<number, Call<Result | undefined>>()
  #lastId = 0
  #broken: Failure | undefined

  /** @param signal stops whatever runs in it. */
  constructor({ module, setup, progress }: ThreadEntry, subject: string, signal: AbortSignal) {
    this.#thread = new Thread(module, { workerData: setup, resourceLimits })
    this.#signal = signal
    this.#subject = subject
    this.#thread.on('message', (message: FromThread<Result>) => {
      if (message.type === 'progress') progress(message.bytes)
      else this.#answer(message)
    })
    this.#thread.on('error', (error) => this.#break(toFailure(error, subject)))
    this.#thread.on('messageerror', (error) => this.#break(toFailure(error, subject)))
    this.#thread.on('exit', () => this.#break(toFailure(new Error('a thread ended before its work was done'), subject)))
    signal.addEventListener('abort', this.#stop, { once: true })
    if (signal.aborted) this.#stop()
  }

  /** Opens a worker in the thread. */
  async open(): Promise<Worker<Task, Result>> {
    this.#lastId += 1
    const worker = this.#lastId
    await this.#call((call) => ({ type: 'open', call, worker }))
    return {
      run: (task, free) => this.#call((call) => ({ type: 'run', call, worker, task }), free) as Promise<Result>,
      // The connections of a thread that broke are gone with it.
      close: async () => {
        if (this.#broken === undefined) await this.#call((call) => ({ type: 'close', call, worker }))
      },
    }
  }

  /** Ends the thread; every worker in it must be closed. */
  async end(): Promise<void> {
    this.#signal.removeEventListener('abort', this.#stop)
    await this.#thread.terminate()
  }

  readonly #stop = (): void => {
    this.#post({ type: 'stop', reason: failureRecord(abortFailure(this.#signal, this.#subject)) })
  }

  async #call(message: (call: number) => ToThread<Task>, free: () => void = () => undefined): Promise<Result | undefined> {
    if (this.#broken !== undefined) throw this.#broken
    this.#lastId += 1
    const { promise, resolve, reject } = Promise.withResolvers<Result | undefined>()
    this.#calls.set(this.#lastId, { done: resolve, failed: reject, free })
    this.#post(message(this.#lastId))
    return await promise
  }

  #post(message: ToThread<Task>): void {
    this.#thread.postMessage(message)
  }

  #answer(message: Exclude<FromThread<Result>, { type: 'progress' }>): void {
    const call = this.#calls.get(message.call)
    if (message.type !== 'free') this.#calls.delete(message.call)
    if (message.type === 'free') call?.free()
    else if (message.type === 'done') call?.done(message.result)
    else call?.failed(failureFromRecord(message.failure))
  }

  /** Whoever waits for an answer hears that none will come. */
  #break(failure: Failure): void {
    this.#broken ??= failure
    for (const { failed } of this.#calls.values()) failed(this.#broken)
    this.#calls.clear()
  }
}
