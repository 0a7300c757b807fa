import type { Cluster } from '../../../config/index.ts'
import type { Remote } from './remote.ts'
import { runSql } from './run-sql.ts'

/** What the server would write of these statements holds a password. */
const unlogged = 'SET log_statement = none; SET log_min_duration_statement = -1; SET log_min_error_statement = panic;'

/** Argument: a file of PostgreSQL's own. Replaces it, in one step, by what comes on standard input. */
const writeScript = `
umask 077
fresh=$(mktemp -- "$1.XXXXXX")
cat >"$fresh"
chown postgres:postgres -- "$fresh"
mv -- "$fresh" "$1"
`

/**
 * Gives a role another password on its primary, and, where it is the one that replicas log in with, tells each of the machines:
 * any of them may have to follow another some day.
 */
export async function changePassword(
  { accounts, postgres }: Cluster,
  databases: readonly [primary: Remote, ...replicas: Remote[]],
  { role, password }: { role: string; password: string },
  signal: AbortSignal,
): Promise<void> {
  await runSql(databases[0], passwordSql(role, password), { signal })
  if (role !== accounts.replication.user) return
  const file = `/etc/postgresql/${postgres.version}/main/replication.pass`
  const line = `*:*:*:${role}:${password.replaceAll(/[\\:]/g, '\\$&')}\n`
  const write = ['bash', '-euc', writeScript, 'bash', file] as const
  await Promise.all(databases.map(({ run }) => run(write, { input: line, signal })))
}

/** Statements that give a role a password, and leave no trace of it in the server's log. */
export function passwordSql(role: string, password: string): string {
  const name = `"${role.replaceAll('"', '""')}"`
  return `${unlogged}\nALTER ROLE ${name} PASSWORD ${literal(password)};\n`
}

/** A string as every setting of the server reads it alike, whatever is in it. */
function literal(text: string): string {
  return `E'${text.replaceAll(/['\\]/g, '\\$&')}'`
}
