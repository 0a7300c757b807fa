import { setTimeout as sleep } from 'node:timers/promises'
import { toFailure } from '../../functions/platform/failure.ts'
import { openSession, type Session } from '../../functions/platform/postgres/session.ts'
import type { ConnectionSettings } from '../../functions/platform/postgres/settings.ts'

/** What a commit waits for: a standby that has it on disk (`on`) or written (`remote_write`), or the primary alone. */
export type Durability = 'on' | 'remote_write' | 'local'

/** A row that the server said it has. */
export interface AcknowledgedRow {
  number: number
  /** By `performance.now()`. */
  atMs: number
}

/** How one client writes. */
export interface RowWriterOptions {
  /** In the column `writer`: no two may share one. */
  writer: string
  durability: Durability
  /** From the beginning of one row to that of the next, at least. */
  everyMs: number
  /** Where it connects to, at the moment. */
  connect(): Promise<ConnectionSettings>
}

/** Longest that a row may take: on a machine that is gone nobody says that it failed. */
const rowWithinMs = 2_000
const applicationName = 'ballast rehearse'

/** The rows that writers write; made anew by each drill, and dropped with the schema of the drills. */
export const rowsTable = 'ballast_drill.written_rows'

/** SQL that makes the table, for the superuser. */
export const makeRowsSql = `SET ROLE ballast_drill;
DROP TABLE IF EXISTS ${rowsTable};
CREATE TABLE ${rowsTable} (writer text, number bigint, PRIMARY KEY (writer, number));`

/** An application's client: writes one row after another, remembers those that were acknowledged, and connects again when one fails. */
export class RowWriter {
  readonly options: RowWriterOptions
  readonly acknowledged: AcknowledgedRow[] = []
  /** When rows failed, by `performance.now()`; none is tried twice. */
  readonly failedAtMs: number[] = []
  /** What the first of them failed with. */
  firstError: string | undefined
  readonly #stopped = new AbortController()
  readonly #signal: AbortSignal
  #session: Session | undefined
  #working: Promise<void> | undefined

  constructor(options: RowWriterOptions, signal: AbortSignal) {
    this.options = options
    this.#signal = AbortSignal.any([signal, this.#stopped.signal])
  }

  start(): void {
    this.#working ??= this.#work()
  }

  /** Ends it after the row that it is at. Idempotent. */
  async stop(): Promise<void> {
    this.#stopped.abort()
    await this.#working
  }

  async #work(): Promise<void> {
    for (let number = 1; !this.#signal.aborted; number += 1) {
      const startedMs = performance.now()
      await this.#write(number)
      const restMs = Math.max(0, this.options.everyMs - (performance.now() - startedMs))
      await sleep(restMs, undefined, { signal: this.#signal }).catch(() => undefined)
    }
    await this.#session?.close()
  }

  async #write(number: number): Promise<void> {
    try {
      await withinTime(this.#send(number))
      this.acknowledged.push({ number, atMs: performance.now() })
    } catch (error) {
      this.failedAtMs.push(performance.now())
      this.firstError ??= toFailure(error, this.options.writer).message
      const lost = this.#session
      this.#session = undefined
      await lost?.close()
    }
  }

  async #send(number: number): Promise<void> {
    this.#session ??= await openSession(await this.options.connect(), { applicationName })
    const { writer, durability } = this.options
    await this.#session.query(`BEGIN; SET LOCAL synchronous_commit TO ${durability};
INSERT INTO ${rowsTable} VALUES ('${writer}', ${number}); COMMIT`)
  }
}

async function withinTime(work: Promise<void>): Promise<void> {
  const late = Promise.withResolvers<never>()
  const timer = setTimeout(() => late.reject(new Error(`no answer within ${rowWithinMs / 1000} s`)), rowWithinMs)
  try {
    await Promise.race([work, late.promise])
  } finally {
    clearTimeout(timer)
    work.catch(() => undefined)
  }
}
