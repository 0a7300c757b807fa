import { setTimeout as sleep } from 'node:timers/promises'
import { toFailure } from '../../../functions/platform/failure.ts'
import { openSession, type Session } from '../../../functions/platform/postgres/session.ts'
import type { ConnectionSettings } from '../../../functions/platform/postgres/settings.ts'

/** Requests that the clients made in one phase of a rotation. */
export interface Phase {
  phase: string
  requests: number
  failed: number
}

const pauseMs = 5

/**
 * Clients as applications have them: half keep a connection open, half log in anew for each request. Each uses the login that
 * it was given until it is given another.
 */
export class RunningClients {
  readonly phases: Phase[] = []
  /** The first failures, in words. */
  readonly failures: string[] = []
  readonly #logins: ConnectionSettings[]
  /** What each worked with last. */
  readonly #used: ConnectionSettings[] = []
  readonly #loops: Promise<void>[]
  readonly #signal: AbortSignal
  #stopped = false

  constructor(count: number, login: ConnectionSettings, signal: AbortSignal) {
    this.#signal = signal
    this.#logins = Array.from({ length: count }, () => login)
    this.begin('before')
    this.#loops = this.#logins.map((_, index) => this.#serve(index))
  }

  /** Counts from now on under this name. */
  begin(phase: string): void {
    this.phases.push({ phase, requests: 0, failed: 0 })
  }

  /** One after another, as instances of an application are started again; resolves when all work with that login. */
  async move(login: ConnectionSettings, pauseBetweenMs: number): Promise<void> {
    for (const index of this.#logins.keys()) {
      this.#logins[index] = login
      do await sleep(pauseBetweenMs, undefined, { signal: this.#signal })
      while (this.#used[index] !== login)
    }
  }

  /** Ends them, and resolves when none is at work any more. */
  async stop(): Promise<void> {
    this.#stopped = true
    await Promise.all(this.#loops)
  }

  async #serve(index: number): Promise<void> {
    const keeps = index % 2 === 0
    let kept: { login: ConnectionSettings; session: Session } | undefined
    while (!this.#stopped && !this.#signal.aborted) {
      const login = this.#logins[index]
      if (login === undefined) return
      const phase = this.phases.at(-1)
      if (phase !== undefined) phase.requests += 1
      this.#used[index] = login
      try {
        if (kept?.login !== login) {
          await kept?.session.close()
          kept = { login, session: await openSession(login, { applicationName: 'ballast drill' }) }
        }
        await kept.session.query('SELECT count(*) FROM pg_class')
        if (!keeps) {
          await kept.session.close()
          kept = undefined
        }
      } catch (error) {
        if (phase !== undefined) phase.failed += 1
        if (this.failures.length < mostFailures) this.failures.push(toFailure(error, login.user).message)
        await kept?.session.close()
        kept = undefined
      }
      await sleep(pauseMs)
    }
    await kept?.session.close()
  }
}

const mostFailures = 5
