import type { Cluster, Database } from '../../config/index.ts'
import type { RoleFile } from '../role-file.ts'
import { LOOKUP_FUNCTION, looksUpInOneDatabase } from './pgbouncer.ts'
import { EXPORTER_ROLE, POOLER_ROLE } from './postgres-place.ts'
import { RESERVED_CONNECTIONS_SINCE } from './postgres-settings.ts'

/** What a new primary gets at its first boot: roles without passwords, databases, and the pooler's look-up of logins. */
export function firstBootSql(cluster: Cluster): readonly RoleFile[] {
  return [{ path: '/etc/ballast/postgres/first-boot.sql', content: sqlText(cluster) }]
}

function sqlText(cluster: Cluster): string {
  const parts = [
    `-- From the cluster's definition: for psql, in the database postgres of a new cluster, as its superuser.
-- Passwords are not in it. The first boot sets those that came with the node's seed.
\\set ON_ERROR_STOP on
`,
    rolesSql(cluster),
    ...pauseSql(cluster),
    lookupSql(),
    ...(looksUpInOneDatabase(cluster)
      ? []
      : [`-- This PgBouncer looks logins up in the client's own database.\n\\connect template1\n${lookupSql()}`]),
    ...cluster.databases.map((database) => databaseSql(database, cluster)),
  ]
  return parts.join('\n')
}

function rolesSql({ accounts, databases, postgres }: Cluster): string {
  const [backup, monitor, replication] = [accounts.backup, accounts.monitor, accounts.replication].map(({ user }) =>
    quoted(user),
  )
  const services = [POOLER_ROLE, EXPORTER_ROLE].map(quoted)
  const logins = new Set([backup, monitor, replication, ...services, ...databases.map(({ owner }) => quoted(owner))])
  const reserved = [...new Set([backup, monitor, ...services])].join(', ')
  return `${[...logins].map((role) => `CREATE ROLE ${role} LOGIN;\n`).join('')}
GRANT pg_read_all_data, pg_monitor TO ${backup};
-- A backup ends when it is done, not when a timeout meant for the application says so.
ALTER ROLE ${backup} SET statement_timeout = 0;
ALTER ROLE ${backup} SET idle_in_transaction_session_timeout = 0;
GRANT pg_monitor TO ${monitor}, ${quoted(EXPORTER_ROLE)};
${postgres.version < RESERVED_CONNECTIONS_SINCE ? '' : `GRANT pg_use_reserved_connections TO ${reserved};\n`}ALTER ROLE ${replication} REPLICATION;
-- What pg_rewind reads a new primary with.
GRANT EXECUTE ON FUNCTION pg_catalog.pg_ls_dir(text, boolean, boolean), pg_catalog.pg_stat_file(text, boolean),
  pg_catalog.pg_read_binary_file(text), pg_catalog.pg_read_binary_file(text, bigint, bigint, boolean)
  TO ${replication};
`
}

/** What `backup.fanOut.pauseReplica` needs where it names one: rights on functions are a database's own, and this is the one asked. */
function pauseSql({ accounts, backup }: Cluster): string[] {
  if (backup.fanOut.pauseReplica === undefined) return []
  const grant = (functions: string, user: string) => `GRANT EXECUTE ON FUNCTION ${functions} TO ${quoted(user)};\n`
  return [
    `-- For backups that pause a replica; the monitor resumes what they could not.
${grant('pg_catalog.pg_wal_replay_pause(), pg_catalog.pg_wal_replay_resume()', accounts.backup.user)}${grant('pg_catalog.pg_wal_replay_resume()', accounts.monitor.user)}`,
  ]
}

/**
 * Answers for roles that may come in through the pool: never a superuser, never one with replication, never one that has
 * expired. It is the owner's right to read verifiers, so its search_path is fixed and only the pooler may call it.
 */
function lookupSql(): string {
  return `CREATE SCHEMA ballast;
REVOKE ALL ON SCHEMA ballast FROM PUBLIC;
GRANT USAGE ON SCHEMA ballast TO ${POOLER_ROLE};
CREATE FUNCTION ${LOOKUP_FUNCTION}(IN name text, OUT login text, OUT verifier text) RETURNS SETOF record
  LANGUAGE sql STABLE STRICT SECURITY DEFINER SET search_path = pg_catalog, pg_temp
  AS $$
    SELECT rolname::text, rolpassword FROM pg_catalog.pg_authid
    WHERE rolname = name AND rolcanlogin AND NOT rolsuper AND NOT rolreplication AND rolname <> '${POOLER_ROLE}'
      AND (rolvaliduntil IS NULL OR rolvaliduntil > pg_catalog.now())
  $$;
REVOKE ALL ON FUNCTION ${LOOKUP_FUNCTION}(text) FROM PUBLIC;
GRANT EXECUTE ON FUNCTION ${LOOKUP_FUNCTION}(text) TO ${POOLER_ROLE};
`
}

function databaseSql({ name, owner, extensions }: Database, { postgres }: Cluster): string {
  const revoke = postgres.version < PUBLIC_SCHEMA_CLOSED_SINCE ? 'REVOKE CREATE ON SCHEMA public FROM PUBLIC;\n' : ''
  const create = extensions.map((extension) => `CREATE EXTENSION ${quoted(extension)};\n`).join('')
  return `CREATE DATABASE ${quoted(name)} OWNER ${quoted(owner)};
\\connect ${quoted(name)}
${revoke}${create}`
}

/** From this major version on, not everybody may create objects in the schema `public`. */
const PUBLIC_SCHEMA_CLOSED_SINCE = 15

function quoted(name: string): string {
  return `"${name}"`
}
