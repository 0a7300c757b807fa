import { setTimeout as sleep } from 'node:timers/promises'
import { isMainThread } from 'node:worker_threads'
import { abortFailure } from '../../../functions/platform/abort.ts'
import { Failure } from '../../../functions/platform/failure.ts'
import { serveWorkers } from '../../../functions/platform/workers/serve-workers.ts'

/** What a worker of this thread is asked to do. */
export type DoubleTask =
  | { type: 'double'; value: number }
  | { type: 'late'; value: number }
  | { type: 'fail' | 'throw' | 'wait' | 'uncloneable' | 'die' | 'crash' | 'progress' }

export interface DoubleSetup {
  factor: number
  /** Opening a worker fails. */
  refuse?: boolean
}

/** The thread's failure, with everything that a Failure may carry. */
export const threadFailure = new Failure('the double refused', {
  kind: 'permanent',
  subject: 'a double',
  hint: 'Ask for something else.',
  code: 'NO_DOUBLE',
  cause: new Failure('deeper', { kind: 'config', subject: 's', hint: 'h', cause: new Error('deepest') }),
})

if (!isMainThread) {
  serveWorkers<DoubleSetup, DoubleTask, number>(({ factor, refuse }, { signal, progress }) => async () => {
    if (refuse === true) throw threadFailure
    return {
      run: async (task, free) => {
        if (task.type === 'double') return task.value * factor
        if (task.type === 'late') {
          free()
          await sleep(50)
          return task.value * factor
        }
        if (task.type === 'progress') {
          for (let block = 0; block < 1_000; block += 1) progress(10)
          return 0
        }
        if (task.type === 'fail') throw threadFailure
        if (task.type === 'throw') throw new TypeError('something is undefined')
        if (task.type === 'uncloneable') return (() => 0) as unknown as number
        // biome-ignore lint/nursery/noProcessExit: in a thread it ends the thread, and here without a word
        if (task.type === 'die') process.exit()
        if (task.type === 'crash') {
          setTimeout(() => {
            throw new RangeError('nobody caught this')
          })
        }
        await sleep(60_000, undefined, { signal }).catch(() => undefined)
        throw abortFailure(signal, 'a double')
      },
      close: async () => undefined,
    }
  })
}
