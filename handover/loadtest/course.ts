import type { SeriesPoint } from '../../functions/platform/k6/request-series.ts'
import type { LoadRecord, PgbenchResult } from '../records/load-record.ts'
import type { RunEvent } from '../records/run-facts.ts'
import type { LoadEvent } from './keys.ts'
import type { RequestRun } from './verdict/request-measurements.ts'

/** What has happened in a load test until now. */
export class LoadCourse {
  readonly startedAtMs = Date.now()
  readonly events: RunEvent[] = []
  readonly findings: string[] = []
  readonly requestRuns: RequestRun[] = []
  readonly requestPoints: SeriesPoint[] = []
  readonly pgbench: PgbenchResult[] = []
  /** Times in which load came by a rate, in milliseconds after the start. */
  readonly ratedTimes: { fromMs: number; toMs: number }[] = []
  state: Exclude<LoadRecord['state'], 'skipped'> = 'complete'
  reason: string | undefined
  readonly #started = performance.now()
  readonly #onEvent: (event: RunEvent) => void

  constructor(onEvent: (event: RunEvent) => void) {
    this.#onEvent = onEvent
  }

  sinceStartMs(): number {
    return Math.round(performance.now() - this.#started)
  }

  event(key: LoadEvent, detail = ''): void {
    const event = { atMs: this.sinceStartMs(), key, detail }
    this.events.push(event)
    this.#onEvent(event)
  }

  /** It goes on no further; the first reason stays. */
  end(state: 'interrupted' | 'failed', reason: string): void {
    if (this.state !== 'complete') return
    this.state = state
    this.reason = reason
    if (state === 'interrupted') this.event('interrupted', reason)
  }

  /** Does some work during which load comes by a rate. */
  async rated<T>(work: () => Promise<T>): Promise<T> {
    const fromMs = this.sinceStartMs()
    try {
      return await work()
    } finally {
      this.ratedTimes.push({ fromMs, toMs: this.sinceStartMs() })
    }
  }
}
