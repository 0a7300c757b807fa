import type { FailureRecord } from '../failure.ts'

/** From the pool to a worker. `stop` asks it to drop what it does; `finish` says there is nothing more to do. */
export type ToWorker<Task> = { type: 'task'; task: Task } | { type: 'finish' } | { type: 'stop' }

/** From a worker to the pool. */
export type FromWorker<Result> =
  | { type: 'ready' }
  | { type: 'result'; result: Result }
  | { type: 'progress'; bytes: number }
  | { type: 'failure'; failure: FailureRecord }
