import { setTimeout as sleep } from 'node:timers/promises'
import { abortFailure } from '../../functions/platform/abort.ts'
import { Failure, toFailure } from '../../functions/platform/failure.ts'

type Work = (signal: AbortSignal) => Promise<void>

/** What puts back the changes of one drill, in the order in which they were made. */
export class Restores {
  readonly #works: Work[] = []

  get isEmpty(): boolean {
    return this.#works.length === 0
  }

  add(work: Work): void {
    this.#works.push(work)
  }

  /** Runs all of them, the last one first, each within a time; returns what went wrong, a sentence each. */
  async run(withinSeconds: number): Promise<string[]> {
    const problems: string[] = []
    for (const work of this.#works.toReversed()) {
      await bounded(work, withinSeconds, undefined).catch((error: unknown) => {
        const { message, hint } = toFailure(error, 'restore')
        problems.push(`${message}. ${hint}`)
      })
    }
    return problems
  }
}

/** What ignores its signal is left behind after this: longer than a promotion, which is not left half-way. */
const longestGraceMs = 150_000

/**
 * Runs work under a signal that also fires when its time is over, and does not wait for it much longer.
 *
 * @param graceMs how long what ignores its signal is waited for.
 * @throws what the work throws; the signal's Failure; or one with code `TooLong`.
 */
export async function bounded(
  work: Work,
  withinSeconds: number,
  outer: AbortSignal | undefined,
  graceMs = longestGraceMs,
): Promise<void> {
  const late = new AbortController()
  const timer = setTimeout(() => late.abort(tooLong(withinSeconds)), withinSeconds * 1000)
  const signal = outer === undefined ? late.signal : AbortSignal.any([outer, late.signal])
  const settled = new AbortController()
  const abandoned = new Promise<never>((_, reject) => {
    const afterGrace = async (): Promise<void> => {
      await sleep(graceMs, undefined, { signal: settled.signal }).catch(() => undefined)
      reject(abortFailure(signal, 'drill'))
    }
    signal.addEventListener('abort', () => void afterGrace(), { once: true })
  })
  try {
    await Promise.race([work(signal), abandoned])
    signal.throwIfAborted()
  } catch (error) {
    throw signal.aborted ? abortFailure(signal, 'drill') : error
  } finally {
    clearTimeout(timer)
    settled.abort()
  }
}

function tooLong(seconds: number): Failure {
  return new Failure(`it was stopped: it had not ended after ${seconds} s`, {
    ...{ kind: 'transient', subject: 'drill', code: 'TooLong' },
    hint: 'Look at what was recorded until then for what it waited for, and at the logs of the servers.',
  })
}
