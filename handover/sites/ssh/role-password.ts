import type { Cluster } from '../../../config/index.ts'
import { passwordSql } from '../password-sql.ts'
import type { Remote } from './remote.ts'
import { runSql } from './run-sql.ts'

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
