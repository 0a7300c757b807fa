import { setTimeout as sleep } from 'node:timers/promises'
import type { LambdaFunction } from './lambda-function.ts'
import type { FunctionAnswer } from './task-bridge.ts'

/**
 * The sandboxes of one function, as Lambda keeps them: each a process that does one call at a time, is used again, and is ended when
 * a call takes too long.
 */
export class LambdaPool<Event> {
  readonly #start: () => Promise<LambdaFunction>
  readonly #limitMs: number
  readonly #idle: LambdaFunction[] = []
  readonly #busy = new Map<LambdaFunction, Event>()
  /** Calls whose sandbox is not up yet. */
  readonly #early = new Set<{ event: Event; isKilled: boolean }>()
  #calls = 0
  #over = false

  constructor(start: () => Promise<LambdaFunction>, limitMs: number) {
    this.#start = start
    this.#limitMs = limitMs
  }

  async call(event: Event): Promise<FunctionAnswer> {
    if (this.#over) return { errorType: 'PermanentFailure', errorMessage: 'the case is over' }
    this.#calls += 1
    const early = { event, isKilled: false }
    this.#early.add(early)
    try {
      const sandbox = this.#idle.pop() ?? (await this.#start())
      this.#early.delete(early)
      if (!early.isKilled) return await this.#callIn(sandbox, event)
      await sandbox.stop()
      return { errorType: 'Runtime.ExitError', errorMessage: 'killed as it started' }
    } finally {
      this.#early.delete(early)
      this.#calls -= 1
    }
  }

  async #callIn(sandbox: LambdaFunction, event: Event): Promise<FunctionAnswer> {
    this.#busy.set(sandbox, event)
    let late = false
    const timer = setTimeout(() => {
      late = true
      void sandbox.stop()
    }, this.#limitMs)
    try {
      const invoked = await sandbox.invoke(event, this.#limitMs)
      this.#idle.push(sandbox)
      if (invoked.type === 'response') return { result: invoked.body }
      return { errorType: invoked.errorType, errorMessage: invoked.errorMessage }
    } catch (error) {
      await sandbox.stop()
      return { errorType: late ? 'Sandbox.Timedout' : 'Runtime.ExitError', errorMessage: String(error) }
    } finally {
      clearTimeout(timer)
      this.#busy.delete(sandbox)
    }
  }

  /** Kills what is at work on such events, and says how many that were. */
  kill(which: (event: Event) => boolean): number {
    const found = [...this.#busy].filter(([, event]) => which(event))
    for (const [sandbox] of found) void sandbox.stop()
    const early = [...this.#early].filter(({ event }) => which(event))
    for (const one of early) one.isKilled = true
    return found.length + early.length
  }

  /** Ends all processes, once nothing is at work any more; what the interpreter still calls after that is refused. */
  async settle(): Promise<void> {
    while (this.#calls > 0) await sleep(100)
    this.#over = true
    await Promise.all(this.#idle.splice(0).map((sandbox) => sandbox.stop()))
  }
}
