import { expect } from 'vitest'
import { runStateKey } from '../../functions/archive/keys.ts'
import type { BackupBench } from './backup-bench.ts'
import type { BackupCase } from './backup-case.ts'
import { FanOutCase, type FanOutOptions } from './fan-out-case.ts'
import type { ExecutionEnd, FanOutMachine, MachineOptions } from './fan-out-machine.ts'
import type { S3Operation } from './s3-operation.ts'
import { storeContent } from './store-content.ts'
import { throttled } from './task-bridge.ts'

/** What an execution of a faulty world may end in. */
export type FaultEnd = 'whole' | 'failed'

/** A run with a database and a prefix of its own, and its state machine. */
export interface FaultScene {
  one: BackupCase
  run: FanOutCase
  machine: FanOutMachine
  /** Set by faults that answer in a function's place. */
  instead: MachineOptions['instead']
}

/** Something that goes wrong; arranged before the machine starts, and known to strike only then. */
export type Fault = (scene: FaultScene) => unknown

/** Sets a scene, whose fault is still to come. */
export async function beginFaultScene(bench: BackupBench, options: FanOutOptions = {}): Promise<FaultScene> {
  const one = await bench.begin()
  one.database = await bench.freshDatabase()
  const run = await FanOutCase.begin(one, options)
  const instead: MachineOptions['instead'] = (event, answer) => scene.instead?.(event, answer)
  const scene: FaultScene = { one, run, machine: run.machine({ instead }), instead: undefined }
  return scene
}

/** Executes the machine in a world in which that goes wrong. */
export async function executeWith(
  bench: BackupBench,
  fault: Fault,
  options: FanOutOptions = {},
): Promise<{ scene: FaultScene; end: ExecutionEnd }> {
  const scene = await beginFaultScene(bench, options)
  await fault(scene)
  const end = await scene.machine.execute()
  await scene.machine.settled()
  scene.one.proxy.clear()
  return { scene, end }
}

/**
 * Asserts that a run has ended in a whole set or in a clear failure, and in nothing else: a set that is listed is restored and
 * compared, a failure has left none, says why, and has been removed to the last object where that is safe.
 */
export async function expectWholeOrFailed(run: FanOutCase, end: ExecutionEnd): Promise<FaultEnd> {
  const { one, address } = run
  const state = await run.currentState()
  const listed = (await one.sets()).filter((set) => set.state === 'complete' && set.address.set === address.set)
  const said = JSON.stringify({ end, state })
  if (end.ok) {
    expect(listed, said).toHaveLength(1)
    await one.expectWholeSet(await run.manifest())
    return 'whole'
  }
  expect(end, said).toMatchObject({ status: 'FAILED', error: expect.stringMatching(/^\w+/) })
  expect(listed, said).toEqual([])
  expect(state.state, said).toBe('aborted')
  expect(state.ended?.message, said).not.toBe('')
  expect(state.ended?.hint, said).not.toBe('')
  if (state.removable === true) expect(await leftOf(run), said).toEqual([runStateKey(address)])
  return 'failed'
}

/** The keys that are there of a run and of its set. */
export async function leftOf({ one, address }: FanOutCase): Promise<string[]> {
  return (await storeContent(one.truth)).objects.filter((key) => key.includes(address.set))
}

/** Once, just before a request is passed on. */
export function atRequest(operation: S3Operation, key: string, act: Fault, after = 0): Fault {
  return (scene) => {
    const run = async (): Promise<void> => {
      await act(scene)
    }
    scene.one.proxy.inject({ operation, key, after, fault: { type: 'meanwhile', run } })
  }
}

/** Kills what is at work on a step. */
export function kill(step: string): Fault {
  return async ({ machine }) => expect(await machine.kill(step)).toBeGreaterThan(0)
}

/** Removes what the run has stored under such keys. */
export function lose(part: string): Fault {
  return async ({ one, run }) => {
    const keys = (await leftOf(run)).filter((key) => key.includes(part))
    expect(keys).not.toEqual([])
    await one.truth.delete(keys)
  }
}

/** The store refuses some requests, as often as said. */
export function refused(operation: S3Operation, key: string, times: number, [status, code]: [number, string]): Fault {
  return ({ one }) => one.proxy.inject({ operation, key, times, fault: { type: 'refuse', status, code } })
}

/** The store does what it is asked for, and the answer is lost. */
export function unanswered(operation: S3Operation, key: string): Fault {
  return ({ one }) => one.proxy.inject({ operation, key, fault: { type: 'reset', when: 'after work' } })
}

/** The store takes an object once, and never answers. */
export function stalled(key: string): Fault {
  return ({ one }) => one.proxy.inject({ operation: 'PutObject', key, fault: { type: 'stall' } })
}

/** Lambda refuses a step, as often as said. */
export function throttledStep(step: string, times: number): Fault {
  return (scene) => {
    let left = times
    scene.instead = (event, answer) => {
      if (answer !== undefined || nameOf(event) !== step || left === 0) return undefined
      left -= 1
      return throttled
    }
  }
}

/** The first call of a step does its work, and nobody hears of it. */
export function forgottenStep(step: string): Fault {
  return (scene) => {
    let heard = false
    scene.instead = (event, answer) => {
      if (answer === undefined || nameOf(event) !== step || heard) return undefined
      heard = true
      expect(answer).toHaveProperty('result')
      return { errorType: 'Sandbox.Timedout', errorMessage: 'Task timed out' }
    }
  }
}

/** Something happens just before a step is called for the first time. */
export function beforeStep(step: string, act: Fault): Fault {
  return (scene) => {
    let done = false
    scene.instead = async (event, answer) => {
      if (answer !== undefined || nameOf(event) !== step || done) return undefined
      done = true
      await act(scene)
      return undefined
    }
  }
}

function nameOf({ step = 'remove' }: { step?: string }): string {
  return step
}
