import { setTimeout as sleep } from 'node:timers/promises'
import { Failure } from '../../platform/failure.ts'
import type { Lab } from '../lab/lab.ts'
import { judge, type LabFinding } from '../lab/lab-check.ts'
import type { RunningMachine } from '../lab/machine.ts'
import { type NetworkLogin, query } from '../lab/postgres.ts'

/** From power-on, with two processors, also where they are emulated. */
const firstQueryWithinSeconds = 90
const givesUpAfterMs = 10 * 60_000
const pollMs = 500
/** A machine that boots leaves the first packets unanswered; a connection that waits for a second try would measure itself. */
const connectSeconds = 2

/** Seconds from power-on until a query through the pooler, over the network, is answered. */
export async function timeFirstQuery(lab: Lab, machine: RunningMachine, login: NetworkLogin): Promise<number> {
  const deadline = machine.poweredOnMs + givesUpAfterMs
  while (performance.now() < deadline && machine.guest.running()) {
    const answer = await query(lab, { ...login, connectSeconds }, 'SELECT 1').catch(() => undefined)
    if (answer === '1') return secondsSince(machine)
    await sleep(pollMs)
  }
  throw new Failure(`${machine.guest.name} answered no query: ${(await machine.guest.console()).trim()}`, {
    ...{ kind: 'permanent', subject: machine.guest.name, hint: 'Read the end of its console above.' },
  })
}

export function secondsSince({ poweredOnMs }: Pick<RunningMachine, 'poweredOnMs'>): number {
  return Math.round((performance.now() - poweredOnMs) / 100) / 10
}

/** @param stockSeconds what a plain Debian took from power-on to its first login, on the same machine just before. */
export function judgeFirstQuery(seconds: number, stockSeconds: number): LabFinding {
  const ratio = (seconds / stockSeconds).toFixed(2)
  const seen = `${seconds} s from power-on to the first answer: ${ratio} times a plain Debian's ${stockSeconds} s to a login`
  return judge(seconds <= firstQueryWithinSeconds ? [] : [`${seen}; ${firstQueryWithinSeconds} s are allowed`], seen)
}
