import { askPoolerConsole, type ConsoleRow } from '../../../functions/platform/postgres/pooler-console.ts'
import type { ConnectionSettings } from '../../../functions/platform/postgres/settings.ts'

/** What PgBouncer says of itself, as far as a load depends on it. */
export interface PoolerFacts {
  version: string
  /** Whether clients may prepare statements in this database. */
  keepsPrepared: boolean
  /** Server connections for each role in this database. */
  poolSize: number
  maxClients: number
}

/** @throws Failure where the console cannot be asked. */
export async function readPooler(console: ConnectionSettings, database: string, signal: AbortSignal): Promise<PoolerFacts> {
  const ask = (command: 'SHOW VERSION' | 'SHOW CONFIG' | 'SHOW DATABASES') =>
    askPoolerConsole(console, command, { applicationName: 'ballast loadtest', signal })
  const [version, config, databases] = [await ask('SHOW VERSION'), await ask('SHOW CONFIG'), await ask('SHOW DATABASES')]
  return poolerFacts({ version, config, databases }, database)
}

/**
 * Prepared statements outlive a transaction, so that in transaction mode PgBouncer must keep them: it can from 1.21 on, where
 * `max_prepared_statements` is more than 0. In session mode they are the client's own connection's.
 */
export function poolerFacts(
  rows: Readonly<Record<'version' | 'config' | 'databases', readonly ConsoleRow[]>>,
  database: string,
): PoolerFacts {
  const option = (key: string): string | undefined => {
    const row = rows.config.find((one) => one.key === key)
    return row === undefined ? undefined : String(row.value)
  }
  // A database that PgBouncer knows by a pattern is listed once somebody has used it.
  const own = rows.databases.find(({ name }) => name === database)
  const mode = own?.pool_mode ?? option('pool_mode')
  return {
    version: String(rows.version[0]?.version ?? 'PgBouncer'),
    keepsPrepared: mode === 'session' || Number(option('max_prepared_statements') ?? 0) > 0,
    poolSize: Number(own?.pool_size ?? option('default_pool_size')),
    maxClients: Number(option('max_client_conn')),
  }
}
