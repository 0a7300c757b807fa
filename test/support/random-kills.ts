import type { ChildProcess } from 'node:child_process'
import { randomFractions } from './random.ts'
import type { StepCallOptions, StepEvent } from './step-calls.ts'

/** After a call has begun: some have come to their end by then. */
const latestKillMs: Readonly<Record<string, number>> = { prepare: 2_000, work: 3_000, finish: 1_500, abort: 1_000 }

/** Kills the first calls of steps, each at a moment of its own. */
export interface RandomKills {
  onStart: NonNullable<StepCallOptions['onStart']>
  /** Those that were killed before they came to their end, by step. */
  readonly killed: Record<string, number>
}

/** @param counts how many calls of each step are killed. */
export function randomKills(seed: number, counts: Readonly<Record<string, number>>): RandomKills {
  const moments = new Map(Object.entries(counts).map(([step, count]) => [step, randomFractions(seed, count)]))
  const killed = Object.fromEntries(Object.keys(counts).map((step) => [step, 0]))
  const onStart = ({ step }: StepEvent, child: ChildProcess): void => {
    const moment = moments.get(step)?.shift()
    if (moment === undefined) return
    child.stdout?.once('data', () => {
      const timer = setTimeout(() => child.kill('SIGKILL'), moment * (latestKillMs[step] ?? 0))
      child.once('exit', (_, signal) => {
        clearTimeout(timer)
        if (signal === 'SIGKILL') killed[step] = (killed[step] ?? 0) + 1
      })
    })
  }
  return { onStart, killed }
}
