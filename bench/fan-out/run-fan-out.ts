import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { run } from '../../functions/platform/process/run.ts'
import { sideBySide } from '../../functions/platform/side-by-side.ts'

/** A run to execute. */
export interface FanOutRun {
  /** Of the function, bundled with its definition as it is deployed. */
  bundle: string
  env: Readonly<Record<string, string>>
  database: string
  set: string
  /** Batches at the same time. */
  workers: number
  signal: AbortSignal
}

const stepProgram = join(import.meta.dirname, 'fan-out-step.ts')

/** One call of a step, in seconds since the run began. */
export interface StepTime {
  step: string
  begun: number
  ended: number
}

/** Executes a run as the state machine does, each step a process of its own; the first failure ends it. */
export async function executeFanOut(fanOut: FanOutRun): Promise<StepTime[]> {
  const times: StepTime[] = []
  const began = performance.now()
  const now = () => (performance.now() - began) / 1000
  const over = new AbortController()
  await sideBySide(fanOut.signal, fanOut.set, (signal) => {
    const call = async (step: string, more: object = {}): Promise<Record<string, unknown>> => {
      const begun = now()
      const answer = await callStep({ ...fanOut, signal }, { step, ...more })
      times.push({ step, begun, ended: now() })
      return answer
    }
    return [holdOn(call, over.signal), holdOn(call, over.signal), work(call, fanOut.workers).finally(() => over.abort())]
  })
  return times
}

/** One step in a process of its own. */
export async function callStep(
  { bundle, env, database, set, signal }: Omit<FanOutRun, 'workers'>,
  event: { step: string } & Record<string, unknown>,
): Promise<Record<string, unknown>> {
  const args = [stepProgram, bundle, JSON.stringify({ ...event, database, set })]
  const { stdout } = await run({ command: process.execPath, args, env, signal })
  return JSON.parse(stdout.trim().split('\n').at(-1) ?? '') as Record<string, unknown>
}

type Call = (step: string, more?: object) => Promise<Record<string, unknown>>

/** The state machine waits as long as it is told; here nobody waits when the run is over. */
async function holdOn(call: Call, over: AbortSignal): Promise<void> {
  while (!over.aborted) {
    const { more, waitSeconds } = await call('hold')
    if (more !== true) return
    await sleep(Number(waitSeconds) * 1000, undefined, { signal: over }).catch(() => undefined)
  }
}

async function work(call: Call, workers: number): Promise<void> {
  const { count } = await call('await-plan')
  let next = 0
  const copy = async (): Promise<void> => {
    while (next < Number(count)) {
      next += 1
      await call('copy', { batch: next })
    }
  }
  await Promise.all([...Array.from({ length: workers }, copy), call('describe')])
  await call('finish')
}
