import type { Session } from '../platform/postgres/session.ts'

/** What a server says of itself, of the database and of the role that asks. */
export interface ServerFacts {
  version: string
  versionNum: number
  standby: boolean
  role: string
  superuser: boolean
  databaseBytes: number
  /** Connections of clients that are open on the server, by this role, and in this database. */
  connections: { total: number; role: number; database: number }
  /** Most connections that the role and the database may have; -1 is no limit of its own. */
  limits: { role: number; database: number }
  /** Settings by name, in their base unit; those that the server does not have are missing. */
  settings: ReadonlyMap<string, string>
}

const settingNames = [
  'max_connections',
  'superuser_reserved_connections',
  'reserved_connections',
  'max_standby_streaming_delay',
  'hot_standby_feedback',
  'old_snapshot_threshold',
  'statement_timeout',
  'idle_in_transaction_session_timeout',
  'idle_session_timeout',
  'transaction_timeout',
  'lock_timeout',
]

const factsSql = `
SELECT current_setting('server_version') AS version, pg_is_in_recovery() AS standby, current_user AS role, r.rolsuper AS superuser,
  pg_database_size(d.oid)::text AS "databaseBytes", r.rolconnlimit AS "roleLimit", d.datconnlimit AS "databaseLimit",
  (SELECT json_build_object('total', count(*), 'role', count(*) FILTER (WHERE a.usename = current_user),
      'database', count(*) FILTER (WHERE a.datname = d.datname))
    FROM pg_stat_activity a WHERE a.datname IS NOT NULL) AS connections
FROM pg_database d, pg_roles r WHERE d.datname = current_database() AND r.rolname = current_user`

const settingsSql = 'SELECT name, setting FROM pg_settings WHERE name = ANY ($1::text[])'

interface FactsRow {
  version: string
  standby: boolean
  role: string
  superuser: boolean
  databaseBytes: string
  roleLimit: number
  databaseLimit: number
  connections: ServerFacts['connections']
}

/** Asks a server, by catalogue reads alone. */
export async function readServerFacts(session: Session): Promise<ServerFacts | undefined> {
  const [row] = await session.query<FactsRow>(factsSql)
  if (row === undefined) return undefined
  const settings = await session.query<{ name: string; setting: string }>(settingsSql, [settingNames])
  const { version, standby, role, superuser, databaseBytes, roleLimit, databaseLimit, connections } = row
  return {
    ...{ version: version.split(' ')[0] ?? version, versionNum: session.versionNum, standby, role, superuser, connections },
    databaseBytes: Number(databaseBytes),
    limits: { role: roleLimit, database: databaseLimit },
    settings: new Map(settings.map(({ name, setting }) => [name, setting])),
  }
}
