import type { RequestSample } from './sample-lines.ts'

/** The longest time that a scenario had failed requests and no good one. */
export interface FailureGap {
  scenario: string
  /** The last good answer before it, or the first sample of all: milliseconds since 1970. */
  fromMs: number
  /** The first good answer after it, or the last sample of all. */
  toMs: number
  /** Requests that failed in it. */
  failed: number
  /** Whether a good answer came after it. */
  recovered: boolean
}

interface Watch {
  lastGoodMs: number
  lastMs: number
  failed: number
  longest?: FailureGap
}

/** Finds the longest gap of each scenario, in samples that come in order of time. */
export class GapFinder {
  readonly #watches = new Map<string, Watch>()

  add({ scenario, atMs, good }: RequestSample): void {
    const watch = this.#watches.get(scenario) ?? { lastGoodMs: atMs, lastMs: atMs, failed: 0 }
    this.#watches.set(scenario, watch)
    watch.lastMs = atMs
    if (!good) watch.failed++
    else {
      keepLonger(watch, scenario, true)
      watch.lastGoodMs = atMs
      watch.failed = 0
    }
  }

  finish(): FailureGap[] {
    for (const [scenario, watch] of this.#watches) keepLonger(watch, scenario, false)
    return [...this.#watches.values()].flatMap(({ longest }) => (longest === undefined ? [] : [longest]))
  }
}

function keepLonger(watch: Watch, scenario: string, recovered: boolean): void {
  const { lastGoodMs: fromMs, lastMs: toMs, failed, longest } = watch
  if (failed === 0) return
  const isLonger = longest === undefined || toMs - fromMs > longest.toMs - longest.fromMs
  if (isLonger) watch.longest = { scenario, fromMs, toMs, failed, recovered }
}
