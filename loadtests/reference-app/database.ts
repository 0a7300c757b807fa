import pg from 'pg'
import type { Settings } from './settings.ts'

const connectWithinMs = 3_000
const statementWithinMs = 3_000

/** Rows of one statement. */
export type Rows = Record<string, unknown>[]

/** The database, through a bounded pool. */
export interface Database {
  /** One statement in a transaction of its own; resolves once it is committed. */
  run(sql: string, values?: readonly unknown[]): Promise<Rows>
  close(): Promise<void>
}

export function openDatabase({ databaseUrl, poolSize }: Pick<Settings, 'databaseUrl' | 'poolSize'>): Database {
  const pool = new pg.Pool({
    connectionString: databaseUrl,
    max: poolSize,
    connectionTimeoutMillis: connectWithinMs,
    // Ends the wait for a server that is gone without a word; the statement's own timeout comes first otherwise.
    query_timeout: 2 * statementWithinMs,
    application_name: 'reference-app',
  })
  // An idle connection that breaks is replaced by the next request.
  pool.on('error', () => undefined)
  // One that breaks while it is at work fails its next statement; without a listener it would end the process.
  pool.on('connect', (client) => client.on('error', () => undefined))
  return {
    run: async (sql, values = []) => {
      const client = await pool.connect()
      try {
        // A pool of transactions keeps no settings of a session, so that the timeout is the transaction's.
        await client.query(`BEGIN; SET LOCAL statement_timeout = ${statementWithinMs}`)
        const { rows } = await client.query<Record<string, unknown>>(sql, [...values])
        await client.query('COMMIT')
        client.release()
        return rows
      } catch (error) {
        // Whatever went wrong, the connection may be in the middle of something.
        client.release(true)
        throw error
      }
    },
    close: () => pool.end(),
  }
}
