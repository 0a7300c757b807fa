import { setTimeout as sleep } from 'node:timers/promises'
import { sideBySide } from '../../functions/platform/side-by-side.ts'
import { type StepFunction, StepProcesses } from './step-processes.ts'

/** A run to execute. */
export interface FanOutRun extends StepFunction {
  database: string
  set: string
  /** Batches at the same time. */
  workers: number
}

/** One call of a step, in seconds since the run began. */
export interface StepTime {
  step: string
  begun: number
  ended: number
}

/** Executes a run as the state machine does, its calls in sandboxes that are kept; the first failure ends it. */
export async function executeFanOut({ database, set, workers, ...called }: FanOutRun): Promise<StepTime[]> {
  const times: StepTime[] = []
  const began = performance.now()
  const now = () => (performance.now() - began) / 1000
  const over = new AbortController()
  await sideBySide(called.signal, set, (signal) => {
    const processes = new StepProcesses({ ...called, signal })
    const call = async (step: string, more: object = {}): Promise<Record<string, unknown>> => {
      const begun = now()
      const answer = await processes.call({ step, ...more, database, set })
      times.push({ step, begun, ended: now() })
      return answer
    }
    const holders = [holdOn(call, over.signal), holdOn(call, over.signal)]
    const copying = work(call, workers).finally(() => over.abort())
    return [...holders, copying, Promise.all([...holders, copying]).then(() => processes.end())]
  })
  return times
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
