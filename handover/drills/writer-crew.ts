import { setTimeout as sleep } from 'node:timers/promises'
import { Failure } from '../../functions/platform/failure.ts'
import { type DrillScene, drillConnection } from './drill.ts'
import { makeRowsSql, RowWriter } from './row-writer.ts'
import { durabilities } from './synchronous.ts'

/** Of each durability. */
const writersOfAKind = 2
const rowsWithinMs = 30_000
const pollMs = 10

/** Clients that write to whichever node leads, through its pooler. */
export class WriterCrew {
  readonly writers: readonly RowWriter[]
  readonly #signal: AbortSignal

  private constructor(writers: readonly RowWriter[], signal: AbortSignal) {
    this.writers = writers
    this.#signal = signal
  }

  /**
   * Makes the table and lets the clients begin. Together they ask for as much as `loadtests.goals.rate`.
   *
   * @param primary that the table is made on.
   * @param leading the node that the application is led to, at the moment.
   */
  static async start(scene: DrillScene, primary: string, leading: () => string): Promise<WriterCrew> {
    const { site, login, signal } = scene
    await site.sql(primary, makeRowsSql, { database: login.database, signal })
    const kinds = durabilities(site).flatMap((durability) => Array.from({ length: writersOfAKind }, () => durability))
    const everyMs = (1000 * kinds.length) / site.cluster.loadtests.goals.ratePerSecond
    const connect = () => drillConnection(scene, leading(), 'pooler')
    const writers = kinds.map((durability, index) => {
      return new RowWriter({ writer: `${durability}-${index + 1}`, durability, everyMs, connect }, signal)
    })
    for (const writer of writers) writer.start()
    return new WriterCrew(writers, signal)
  }

  /**
   * Resolves when each client has so many rows acknowledged.
   *
   * @throws Failure when that takes too long: there is nothing to test then.
   */
  async untilEachHas(rows: number): Promise<void> {
    const deadline = performance.now() + rowsWithinMs
    for (;;) {
      const behind = this.writers.find(({ acknowledged }) => acknowledged.length < rows)
      if (behind === undefined) return
      if (performance.now() > deadline) throw cannotWrite(behind)
      await sleep(pollMs, undefined, { signal: this.#signal })
    }
  }

  /** When the first row after that moment was acknowledged; undefined when none was in that time, or until it was hopeless. */
  async firstWriteAfter(moment: number, withinMs: number, hopeless: AbortSignal): Promise<number | undefined> {
    const deadline = performance.now() + withinMs
    while (performance.now() < deadline && !hopeless.aborted) {
      const first = this.acknowledged.map(({ atMs }) => atMs).filter((atMs) => atMs > moment)
      if (first.length > 0) return Math.min(...first)
      await sleep(pollMs, undefined, { signal: this.#signal })
    }
    return undefined
  }

  /** Of all clients. */
  get acknowledged(): RowWriter['acknowledged'] {
    return this.writers.flatMap(({ acknowledged }) => acknowledged)
  }

  async stop(): Promise<void> {
    await Promise.all(this.writers.map((writer) => writer.stop()))
  }
}

function cannotWrite({ options, acknowledged, firstError }: RowWriter): Failure {
  const what = `the application wrote ${acknowledged.length} rows in ${rowsWithinMs / 1000} s`
  return new Failure(`${what}, before anything was broken${firstError === undefined ? '' : `: ${firstError}`}`, {
    ...{ kind: 'permanent', subject: options.writer },
    hint: 'See that the application can write through the pooler; where commits wait for a standby, see that one streams.',
  })
}
