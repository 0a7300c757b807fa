import type { PgbenchProgress } from '../../../functions/platform/pgbench/pgbench-progress.ts'
import type { LoadPoint } from '../../records/load-record.ts'
import type { Sampler } from './sampling.ts'

/** What pgbench says of each second, for the next point; nothing while none runs. */
export class ProgressSampler implements Sampler {
  readonly what = 'the progress of pgbench'
  readonly fields = [] as const
  #latest: Partial<LoadPoint> = {}

  take({ transactionsPerSecond, latencyMs }: PgbenchProgress): void {
    this.#latest = { transactionsPerSecond, ...(latencyMs === undefined ? {} : { transactionMs: latencyMs }) }
  }

  read(): Promise<Partial<LoadPoint>> {
    const latest = this.#latest
    this.#latest = {}
    return Promise.resolve(latest)
  }

  close(): Promise<void> {
    return Promise.resolve()
  }
}
