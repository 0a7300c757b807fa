import { setTimeout as sleep } from 'node:timers/promises'
import type { Answers } from '../../../functions/platform/k6/answers.ts'
import type { LoadPlan } from '../../../loadtests/plan.ts'
import { partsOf } from '../../../loadtests/profiles.ts'
import { tagOf } from '../../../loadtests/thresholds.ts'
import { loadByRequests, type RequestEnd } from '../../loadtest/requests/request-load.ts'

/** How one target answered. */
export interface TargetAnswers extends Omit<Answers, 'scenario'> {
  target: string
}

const pollMs = 100

/** Requests as an application's users send them, by k6, until they are stopped. */
export class RequestStream {
  /** Names of targets by k6's names of their scenarios. */
  readonly #targets: ReadonlyMap<string, string>
  /** When the latest request began that was answered right, by target: milliseconds since 1970. */
  readonly #answeredMs = new Map<string, number>()
  readonly #signal: AbortSignal
  readonly #stopped = new AbortController()
  readonly #end: Promise<RequestEnd>
  #isOver = false

  /** @param program path of k6. */
  constructor(program: string, plan: LoadPlan, signal: AbortSignal) {
    this.#targets = new Map(partsOf(plan).map((part) => [tagOf(part), part.target.name]))
    this.#signal = signal
    this.#end = loadByRequests(program, plan, {
      signal: AbortSignal.any([signal, this.#stopped.signal]),
      onSample: ({ scenario, atMs, durationMs, good }) => {
        const target = this.#targetOf(scenario)
        if (good) this.#answeredMs.set(target, Math.max(this.#answeredMs.get(target) ?? 0, atMs - durationMs))
      },
    })
    const over = () => {
      this.#isOver = true
    }
    void this.#end.then(over, over)
  }

  /**
   * Waits until every target has answered right what it was asked after that moment.
   *
   * @param momentMs milliseconds since 1970.
   * @returns the names of those that have not when the time is over.
   * @throws Failure when k6 itself failed.
   */
  async silentSince(momentMs: number, withinMs: number): Promise<string[]> {
    const deadline = performance.now() + withinMs
    for (;;) {
      const silent = [...this.#targets.values()].filter((target) => (this.#answeredMs.get(target) ?? 0) <= momentMs)
      if (this.#isOver) await this.#end
      if (silent.length === 0 || this.#isOver || performance.now() > deadline) return silent
      await sleep(pollMs, undefined, { signal: this.#signal })
    }
  }

  /** Ends the requests, and resolves when they have; what went wrong with them {@link answers} tells. Idempotent. */
  async end(): Promise<void> {
    this.#stopped.abort()
    await this.#end.catch(() => undefined)
  }

  /** Ends the requests, and says how each target answered. @throws Failure when k6 itself failed. Idempotent. */
  async answers(): Promise<TargetAnswers[]> {
    this.#stopped.abort()
    const { answers } = await this.#end
    return answers.map(({ scenario, ...answered }) => ({ target: this.#targetOf(scenario), ...answered }))
  }

  #targetOf(scenario: string): string {
    return this.#targets.get(scenario) ?? scenario
  }
}
