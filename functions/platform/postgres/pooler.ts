import { Failure } from '../failure.ts'
import { isSocketDirectory } from './hosts.ts'
import type { Session } from './session.ts'

/** Code of the Failure that names a pooler. */
export const POOLER = 'POOLER'

/**
 * Refuses a session that reaches the server through a connection pooler. Call it first, before any SET and outside transactions.
 *
 * A server announces its own process id at log-in. A pooler logs clients in by itself, so it has to announce an id of its own
 * making (or none), which then differs from what the backend says of itself: true of PgBouncer in every pool mode, Odyssey,
 * pgcat, Supavisor and RDS Proxy alike. The check sends plain SELECTs by the simple protocol, so it leaves nothing behind on a
 * shared server connection. A pooler in session mode is refused as well: it cannot be told from one in transaction mode, its
 * limits apply to every worker, and its reset query and timeouts may end the session that holds the snapshot.
 *
 * @throws Failure of kind `config`, with the direct address in its hint where the server tells it.
 */
export async function assertDirect(session: Session): Promise<void> {
  const announced = processIdOf(session)
  const [row] = await session.query<{ pid: number }>('SELECT pg_catalog.pg_backend_pid() AS pid')
  if (row !== undefined && announced === row.pid) return
  const { host, port } = session.address
  const direct = await directAddress(session)
  const example = direct === undefined ? undefined : urlOf(direct, session.settings.user)
  throw new Failure(
    `${host}:${port} is a connection pooler (PgBouncer, RDS Proxy or the like), not the PostgreSQL server: ` +
      `the process id announced at log-in is not the backend's`,
    {
      kind: 'config',
      subject: `${host}:${port}`,
      hint:
        `Connect to the server itself${example ? `, here ${example}` : ''}: through a pooler, in session mode as well as in ` +
        'transaction mode, a dump can change the settings of application sessions and lose its snapshot.',
      code: POOLER,
    },
  )
}

function processIdOf(session: Session): number | undefined {
  const id: unknown = 'processID' in session.client ? session.client.processID : undefined
  return typeof id === 'number' ? id : undefined
}

/** Where the pooler's own connection ends. */
interface DirectAddress {
  /** An IP address, or a socket directory. */
  host: string
  port: string
  database: string
}

/** The server's address, or its socket directory where the role may read that. */
async function directAddress(session: Session): Promise<DirectAddress | undefined> {
  const [row] = await session.query<{ host: string | null; port: string; database: string }>(
    `SELECT pg_catalog.host(pg_catalog.inet_server_addr()) AS host, pg_catalog.current_database() AS database,
      COALESCE(pg_catalog.inet_server_port()::text, pg_catalog.current_setting('port')) AS port`,
  )
  if (row === undefined) return undefined
  const { host, ...rest } = row
  if (host !== null) return { host, ...rest }
  const directories = await session
    .query<{ unix_socket_directories: string }>('SHOW unix_socket_directories')
    // Only pg_read_all_settings may read it; the refusal stands without it.
    .catch(() => [])
  const [first] = directories[0]?.unix_socket_directories.split(',') ?? []
  return first ? { host: first.trim(), ...rest } : undefined
}

function urlOf({ host, port, database }: DirectAddress, user: string): string {
  const [who, what] = [encodeURIComponent(user), encodeURIComponent(database)]
  if (isSocketDirectory(host)) return `postgresql://${who}@/${what}?host=${host}&port=${port}`
  return `postgresql://${who}@${host.includes(':') ? `[${host}]` : host}:${port}/${what}`
}
