import type { RequestSample } from './sample-lines.ts'

/** How the requests of one scenario were answered. */
export interface Answers {
  scenario: string
  requests: number
  /** Those without a good answer. */
  failed: number
  gap: AnswerGap
}

/** The longest time that a scenario had no good answer: requests failed in it, or waited. */
export interface AnswerGap {
  /** The last good answer before it, or the first sample of all: milliseconds since 1970. */
  fromMs: number
  /** The first good answer after it, or the last sample of all. */
  toMs: number
  /** Requests that failed in it. */
  failed: number
  /** Whether a good answer came after it. */
  recovered: boolean
}

interface Watch extends Pick<Answers, 'requests' | 'failed'> {
  lastGoodMs: number
  lastMs: number
  /** Since the last good answer. */
  failedSince: number
  longest?: AnswerGap
}

/** Finds how each scenario was answered, in samples that come in order of time. */
export class AnswerFinder {
  readonly #watches = new Map<string, Watch>()

  add({ scenario, atMs, good }: RequestSample): void {
    const watch = this.#watches.get(scenario) ?? { requests: 0, failed: 0, lastGoodMs: atMs, lastMs: atMs, failedSince: 0 }
    this.#watches.set(scenario, watch)
    watch.requests++
    watch.lastMs = atMs
    if (!good) {
      watch.failed++
      watch.failedSince++
    } else {
      watch.longest = longestOf(watch, true)
      watch.lastGoodMs = atMs
      watch.failedSince = 0
    }
  }

  finish(): Answers[] {
    return [...this.#watches].map(([scenario, watch]) => {
      const { requests, failed } = watch
      return { scenario, requests, failed, gap: longestOf(watch, false) }
    })
  }
}

/** The longest gap until now, the one that ends or is still open included. */
function longestOf({ lastGoodMs: fromMs, lastMs: toMs, failedSince: failed, longest }: Watch, recovered: boolean): AnswerGap {
  const isLonger = longest === undefined || toMs - fromMs > longest.toMs - longest.fromMs
  return isLonger ? { fromMs, toMs, failed, recovered } : longest
}
