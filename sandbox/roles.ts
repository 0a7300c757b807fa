import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { roles } from './data.ts'

const documented = (file: string): Promise<string> => readFile(join(import.meta.dirname, '..', 'docs', file), 'utf8')

/** Random passwords hold letters and digits only; anything else would need quoting that nobody has thought about. */
const quoted = (password: string | undefined): string => `'${/^\w+$/.exec(password ?? '')?.[0] ?? ''}'`

/** psql script that creates the roles; the backup and monitor roles come from the files that the documentation gives to users. */
export async function rolesScript(passwords: Readonly<Record<string, string>>): Promise<string> {
  const [backupRole, monitorRole] = await Promise.all([documented('backup-role.sql'), documented('monitor-role.sql')])
  return `
CREATE ROLE ${roles.app} LOGIN PASSWORD ${quoted(passwords[roles.app])};
CREATE ROLE ${roles.replication} LOGIN REPLICATION PASSWORD ${quoted(passwords[roles.replication])};
CREATE ROLE ${roles.pooler} LOGIN PASSWORD ${quoted(passwords[roles.pooler])};
\\set password ${quoted(passwords[roles.backup])}
${backupRole}
\\set password ${quoted(passwords[roles.monitor])}
${monitorRole}`
}

/** psql script that creates a database and, in it, the lookup that lets PgBouncer ask for a user's SCRAM verifier. */
export function databaseScript(name: string, owner: string): string {
  const identifier = (text: string) => `"${text.replaceAll('"', '""')}"`
  return `
\\set database '${name.replaceAll("'", "''").replaceAll('\\', '\\\\')}'
CREATE DATABASE ${identifier(name)} OWNER ${identifier(owner)};
\\c :"database"
${lookupScript}`
}

/** Superusers cannot come in through the pool, and nobody but the pool's own role can look anybody up. */
const lookupScript = `
CREATE SCHEMA pgbouncer;
REVOKE ALL ON SCHEMA pgbouncer FROM PUBLIC;
CREATE FUNCTION pgbouncer.user_lookup(IN i_username text, OUT uname text, OUT phash text) RETURNS SETOF record
  LANGUAGE sql STABLE STRICT SECURITY DEFINER SET search_path = pg_catalog
  AS $$
    SELECT rolname::text, rolpassword FROM pg_catalog.pg_authid
    WHERE rolname = i_username AND rolcanlogin AND NOT rolsuper AND NOT rolreplication
      AND (rolvaliduntil IS NULL OR rolvaliduntil > now())
  $$;
REVOKE ALL ON FUNCTION pgbouncer.user_lookup(text) FROM PUBLIC;
GRANT USAGE ON SCHEMA pgbouncer TO ${roles.pooler};
GRANT EXECUTE ON FUNCTION pgbouncer.user_lookup(text) TO ${roles.pooler};
`
