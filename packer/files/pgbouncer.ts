import type { Cluster, Database } from '../../config/index.ts'
import { olderThan } from '../../config/pooler-versions.ts'
import type { RoleFile } from '../role-file.ts'
import { CERTIFICATE, POOLER_ROLE, POOLER_SOCKETS, POSTGRES_SOCKETS } from './postgres-place.ts'

/** The first versions that know an option. An older one refuses to start on it. */
const AUTH_DATABASE_SINCE = '1.19'
const PREPARED_STATEMENTS_SINCE = '1.21'

/** The database in which PgBouncer looks logins up, where its version can be told one. */
export const LOOKUP_DATABASE = 'postgres'

/** The function that tells PgBouncer how to check a login; its full name, so that no search_path can put another in its place. */
export const LOOKUP_FUNCTION = 'ballast.pooler_login'

/** Whether logins are looked up in one database; below, in whichever one the client asks for. */
export function looksUpInOneDatabase({ pgbouncer }: Cluster): boolean {
  return !olderThan(pgbouncer.version, AUTH_DATABASE_SINCE)
}

/**
 * pgbouncer.ini. PgBouncer stores no secret: it reaches PostgreSQL over its socket, looks a login up as `pgbouncer`, which is
 * the system user it runs as, and hands the client's proof on.
 */
export function pgbouncerConfiguration(cluster: Cluster): readonly RoleFile[] {
  return [{ path: '/etc/pgbouncer/pgbouncer.ini', content: iniText(cluster) }]
}

function iniText(cluster: Cluster): string {
  const port = cluster.postgres.port
  const lookup = looksUpInOneDatabase(cluster)
    ? ['; Logins are looked up here; pg_hba.conf lets nobody else in.', `${LOOKUP_DATABASE} = ${server(port)} pool_size=2`]
    : []
  return [
    "; From the cluster's definition. It holds no secret.",
    '[databases]',
    ...cluster.databases.map((database) => pool(database, port, lookup.length === 0)),
    ...lookup,
    '',
    '[pgbouncer]',
    ...Object.entries(options(cluster)).map(([name, value]) => `${name} = ${value}`),
    '',
  ].join('\n')
}

function server(port: number): string {
  return `host=${POSTGRES_SOCKETS} port=${port}`
}

/** Each user has a pool of its own; together, and with the one that looks logins up here, they stay inside the budget. */
function pool({ name, pool: { size, reserve, min, users } }: Database, port: number, looksUp: boolean): string {
  const most = (size + reserve) * users + (looksUp ? 1 : 0)
  const limits = `pool_size=${size} reserve_pool=${reserve} min_pool_size=${min} max_db_connections=${most}`
  return `${name} = ${server(port)} ${limits}`
}

function options(cluster: Cluster): Record<string, string | number> {
  const { pgbouncer, accounts } = cluster
  const prepared = !olderThan(pgbouncer.version, PREPARED_STATEMENTS_SINCE)
  return {
    listen_addr: '*',
    listen_port: pgbouncer.port,
    unix_socket_dir: POOLER_SOCKETS,
    auth_type: 'scram-sha-256',
    auth_user: POOLER_ROLE,
    auth_query: `SELECT login, verifier FROM ${LOOKUP_FUNCTION}($1)`,
    ...(looksUpInOneDatabase(cluster) ? { auth_dbname: LOOKUP_DATABASE } : {}),
    client_tls_sslmode: 'require',
    client_tls_key_file: CERTIFICATE.key,
    client_tls_cert_file: CERTIFICATE.file,
    client_tls_protocols: 'secure',
    pool_mode: pgbouncer.mode,
    max_client_conn: pgbouncer.maxClients,
    ...(prepared ? { max_prepared_statements: pgbouncer.preparedStatements } : {}),
    reserve_pool_timeout: pgbouncer.reserveAfterSeconds,
    query_wait_timeout: pgbouncer.queryWaitSeconds,
    server_lifetime: pgbouncer.serverLifetimeSeconds,
    stats_users: accounts.monitor.user,
    // Failed logins are logged all the same; a line for each of the others would fill the journal.
    log_connections: 0,
    log_disconnections: 0,
    ...pgbouncer.settings,
  }
}
