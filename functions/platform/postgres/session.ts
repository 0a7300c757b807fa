import type pg from 'pg'
import { abortFailure } from '../abort.ts'
import type { Failure } from '../failure.ts'
import { requestCancel } from './cancel.ts'
import { describeConnection } from './connection.ts'
import { postgresFailure } from './errors.ts'
import { type Established, establish } from './establish.ts'
import { logOut } from './login.ts'
import type { ConnectionSettings, HostAddress } from './settings.ts'

/** One connection to one server. */
export interface Session {
  /** For copies and other custom queries; its errors are listened to. */
  readonly client: pg.Client
  /** The address that answered. */
  readonly address: HostAddress
  /** The settings with that address as their only one, so that further sessions and the tools reach the same server. */
  readonly settings: ConnectionSettings
  /** `server_version_num`, such as 150018. */
  readonly versionNum: number
  /**
   * Runs one statement and returns its rows (of several in one text, the last one's). Booleans, integers up to four bytes and JSON arrive as JavaScript values, everything
   * else (also int8, numeric, times and arrays) as the server's text. Without values the simple protocol is used.
   *
   * @throws Failure, also when the connection is lost while the statement runs or was lost before.
   */
  query<Row>(sql: string, values?: readonly unknown[]): Promise<Row[]>
  /** What an error of a query on the client means; of a lost connection, why it was lost. */
  explain(error: unknown, subject: string): Failure
  /** Ends the session; idempotent, never throws, bounded in time. */
  close(): Promise<void>
}

/**
 * Connects as libpq would: hosts in order, sslmode, target_session_attrs.
 *
 * @param options.applicationName shown in pg_stat_activity unless the settings name another.
 * @param options.signal aborts the attempt, and later ends the session: its running query is cancelled and rejects.
 * @throws Failure when no server could be used.
 */
export async function openSession(
  settings: ConnectionSettings,
  options: { applicationName?: string; signal?: AbortSignal } = {},
): Promise<Session> {
  const signal = options.signal ?? new AbortController().signal
  try {
    signal.throwIfAborted()
    const name = settings.applicationName ?? options.applicationName ?? 'ballast'
    return new EstablishedSession(settings, await establish(settings, name, signal), signal)
  } catch (error) {
    throw signal.aborted
      ? abortFailure(signal, describeConnection(settings))
      : postgresFailure(error, describeConnection(settings))
  }
}

class EstablishedSession implements Session {
  readonly client: pg.Client
  readonly address: HostAddress
  readonly settings: ConnectionSettings
  readonly versionNum: number
  readonly #established: Established
  readonly #signal: AbortSignal
  #lost: Error | undefined
  #cancelled: Promise<void> | undefined
  #closing: Promise<void> | undefined

  constructor(settings: ConnectionSettings, established: Established, signal: AbortSignal) {
    const { client, address, password, versionNum } = established
    const { hostPasswords: _ours, password: _general, ...rest } = settings
    this.client = client
    this.address = address
    this.settings = { ...rest, hosts: [address], ...(password === undefined ? {} : { password }) }
    this.versionNum = versionNum
    this.#established = established
    this.#signal = signal
    signal.addEventListener('abort', this.#cancel, { once: true })
    client.on('error', (error) => {
      this.#lost ??= error
    })
  }

  async query<Row>(sql: string, values?: readonly unknown[]): Promise<Row[]> {
    try {
      const result = await (values === undefined ? this.client.query(sql) : this.client.query(sql, [...values]))
      // Several statements in one text give an array of results, whatever the types say.
      const last: pg.QueryResult | undefined = Array.isArray(result) ? result.at(-1) : result
      return (last?.rows ?? []) as Row[]
    } catch (error) {
      throw this.explain(error, describeConnection(this.settings))
    }
  }

  explain(error: unknown, subject: string): Failure {
    if (isFatal(error)) this.#lost ??= error
    if (this.#signal.aborted) return abortFailure(this.#signal, describeConnection(this.settings))
    // After a loss pg only says that it cannot query; what ended the connection says why.
    return postgresFailure(this.#lost ?? error, subject)
  }

  close(): Promise<void> {
    this.#closing ??= this.#end()
    return this.#closing
  }

  /** The stream is closed by the signal itself; a busy server would notice that late, and keep its locks until then. */
  readonly #cancel = (): void => {
    this.#cancelled = requestCancel(this.settings, this.#established)
  }

  async #end(): Promise<void> {
    this.#signal.removeEventListener('abort', this.#cancel)
    await logOut(this.client, this.#established.socket)
    await this.#cancelled
  }
}

/** An error with which the server ends the session. */
function isFatal(error: unknown): error is Error {
  return error instanceof Error && 'severity' in error && (error.severity === 'FATAL' || error.severity === 'PANIC')
}
