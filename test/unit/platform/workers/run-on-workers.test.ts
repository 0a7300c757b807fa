import { afterEach, describe, expect, test } from 'vitest'
import { Failure } from '../../../../functions/platform/failure.ts'
import { runOnWorkers } from '../../../../functions/platform/workers/run-on-workers.ts'
import type { Worker } from '../../../../functions/platform/workers/worker.ts'
import { failureOf } from '../../../support/failures.ts'
import { type DoubleSetup, type DoubleTask, threadFailure } from '../../../support/programs/thread-of-doubles.ts'
import { workerThreads } from '../../../support/worker-threads.ts'

const module = new URL('../../../support/programs/thread-of-doubles.ts', import.meta.url)

afterEach(async () => expect(await workerThreads()).toEqual([]))

interface Changes {
  workers: number
  setup?: DoubleSetup
  module?: URL
  signal?: AbortSignal
  progress?: (bytes: number) => void
  /** What a worker of this thread does; by default it does not end before the run does, so that all is left to the threads. */
  here?: (task: DoubleTask, signal: AbortSignal, free: () => void) => Promise<number>
}

const untilStopped = (_: DoubleTask, signal: AbortSignal): Promise<number> =>
  new Promise((_resolve, reject) => signal.addEventListener('abort', () => reject(signal.reason)))

let opened = 0
let closed = 0

function run(tasks: readonly DoubleTask[], { workers, here = untilStopped, ...changes }: Changes): Promise<number[]> {
  opened = 0
  closed = 0
  return runOnWorkers<DoubleTask, number>(tasks, {
    workers,
    open: async (signal): Promise<Worker<DoubleTask, number>> => {
      opened += 1
      return {
        run: (task, free) => here(task, signal, free),
        close: async () => {
          closed += 1
        },
      }
    },
    furtherThreads: { module, setup: { factor: 2 }, progress: () => undefined, ...changes },
    subject: 'doubles',
    ...(changes.signal && { signal: changes.signal }),
  })
}

const doubles = (count: number): DoubleTask[] => Array.from({ length: count }, (_, value) => ({ type: 'double', value }))
const doubled = (count: number): number[] => Array.from({ length: count }, (_, value) => value * 2)
/** Three tasks that keep the workers of this thread busy, and what the threads are to do. */
const inThread = (...tasks: DoubleTask[]): DoubleTask[] => [{ type: 'wait' }, { type: 'wait' }, { type: 'wait' }, ...tasks]

describe('up to three workers', () => {
  test('need no further thread, nor the module of one', async () => {
    const missing = new URL('file:///nowhere/missing.ts')
    const here = async (task: DoubleTask): Promise<number> => (task.type === 'double' ? task.value * 2 : 0)
    expect(await run(doubles(20), { workers: 3, module: missing, here })).toEqual(doubled(20))
    expect([opened, closed]).toEqual([3, 3])
    expect(await run(doubles(3), { workers: 64, module: missing, here })).toEqual(doubled(3))
    expect(opened).toBe(3)
    expect(await run([], { workers: 64, module: missing })).toEqual([])
    expect(opened).toBe(0)
  })

  test('take the next task when the last one says so, and its result when it comes', async () => {
    const order: string[] = []
    const here = async (task: DoubleTask, _: AbortSignal, free: () => void): Promise<number> => {
      const value = task.type === 'double' ? task.value : -1
      order.push(`begin ${value}`)
      free()
      await new Promise((resolve) => setTimeout(resolve, 30))
      order.push(`end ${value}`)
      return value * 2
    }
    expect(await run(doubles(2), { workers: 1, here })).toEqual([0, 2])
    expect(order).toEqual(['begin 0', 'begin 1', 'end 0', 'end 1'])
  })

  test('fail with what came late, and are closed first', async () => {
    const here = async (_: DoubleTask, __: AbortSignal, free: () => void): Promise<number> => {
      free()
      await new Promise((resolve) => setTimeout(resolve, 30))
      throw threadFailure
    }
    expect(await failureOf(run(doubles(2), { workers: 1, here }))).toBe(threadFailure)
    expect(closed).toBe(1)
  })
})

describe('from the fourth worker on', () => {
  test('further threads share the list, and results keep the order of the tasks', async () => {
    let seen: string[] = []
    const here = async (task: DoubleTask): Promise<number> => {
      // Leaves work for the threads, which are still being loaded.
      await new Promise((resolve) => setTimeout(resolve, 20))
      if (seen.length < 2) seen = await workerThreads()
      return task.type === 'double' ? task.value * 2 : 0
    }
    expect(await run(doubles(500), { workers: 8, here })).toEqual(doubled(500))
    expect(seen).toHaveLength(2)
    expect([opened, closed]).toEqual([3, 3])
  })

  test('results that come late are not lost', async () => {
    const late = Array.from({ length: 40 }, (_, value): DoubleTask => ({ type: 'late', value }))
    const here = async (task: DoubleTask): Promise<number> => {
      await new Promise((resolve) => setTimeout(resolve, 100))
      return task.type === 'late' ? task.value * 2 : 0
    }
    expect(await run(late, { workers: 5, here })).toEqual(doubled(40))
  })

  test('progress arrives whole, in few messages', async () => {
    const reports: number[] = []
    const arrived = Promise.withResolvers<number>()
    const progress = (bytes: number): void => {
      reports.push(bytes)
      if (reports.reduce((sum, report) => sum + report, 0) === 10_000) arrived.resolve(0)
    }
    await run(inThread({ type: 'progress' }), { workers: 4, here: () => arrived.promise, progress })
    expect(reports.length).toBeLessThan(20)
  })

  test('a failure comes back as itself, cause and all, and stops everybody else', async () => {
    const failure = await failureOf(run(inThread({ type: 'fail' }, { type: 'wait' }), { workers: 5 }))
    const { message, kind, subject, hint, code } = threadFailure
    expect(failure).toMatchObject({ message, kind, subject, hint, code })
    expect(failure.cause).toBeInstanceOf(Failure)
    expect(failure.cause).toMatchObject({ message: 'deeper', kind: 'config', cause: { message: 'deepest' } })
    expect(closed).toBe(3)
  })

  test('a stop reaches the threads with its reason', async () => {
    const stop = new AbortController()
    const reason = new Failure('enough', { kind: 'transient', subject: 'me', hint: 'later', code: 'Aborted' })
    const running = failureOf(run(inThread({ type: 'wait' }, { type: 'wait' }), { workers: 8, signal: stop.signal }))
    setTimeout(() => stop.abort(reason), 500)
    expect(await running).toBe(reason)
    expect(closed).toBe(3)
    expect(await failureOf(run(inThread({ type: 'wait' }), { workers: 8, signal: stop.signal }))).toBe(reason)
  })

  test.each<[string, DoubleTask['type'], Partial<Failure>]>([
    ['throws', 'throw', { kind: 'bug', message: 'something is undefined' }],
    ['ends by itself', 'die', { kind: 'bug', message: expect.stringContaining('ended before its work was done') }],
    ['crashes', 'crash', { kind: 'bug', message: expect.stringContaining('nobody caught this') }],
    ['has a result that cannot be passed on', 'uncloneable', { kind: 'bug' }],
  ])('a thread that %s fails the run', async (_, type, expected) => {
    const failure = await failureOf(run(inThread({ type } as DoubleTask, { type: 'wait' }), { workers: 5 }))
    expect(failure).toMatchObject(expected)
    expect(closed).toBe(3)
  })

  test('a worker that cannot be opened there fails the run', async () => {
    const failure = await failureOf(run(inThread({ type: 'wait' }), { workers: 4, setup: { factor: 2, refuse: true } }))
    expect(failure).toMatchObject({ code: 'NO_DOUBLE', kind: 'permanent' })
  })

  test('a module that cannot be found fails the run', async () => {
    const missing = new URL('file:///nowhere/missing.ts')
    const failure = await failureOf(run(inThread({ type: 'wait' }), { workers: 4, module: missing }))
    expect(failure).toMatchObject({ kind: 'bug', message: expect.stringContaining('missing.ts') })
    expect(closed).toBe(3)
  })
})
