import { Failure } from '../failure.ts'
import { describeConnection } from './connection.ts'
import { postgresFailure } from './errors.ts'
import { establish } from './establish.ts'
import { logOut } from './login.ts'
import type { ConnectionSettings } from './settings.ts'

/** One line of what PgBouncer shows. Which columns there are, and in which order, differs from version to version. */
export type ConsoleRow = Readonly<Record<string, unknown>>

/**
 * Asks PgBouncer's admin console one question, over a connection of its own. The console knows its own commands alone and the
 * simple protocol alone: a SELECT is refused, a prepared statement ends the connection.
 *
 * @param settings with the database `pgbouncer`.
 * @throws Failure when PgBouncer cannot be reached, or does not let this user look.
 */
export async function askPoolerConsole(
  settings: ConnectionSettings,
  command: 'SHOW POOLS' | 'SHOW VERSION' | 'SHOW CONFIG' | 'SHOW DATABASES',
  options: { applicationName: string; signal: AbortSignal },
): Promise<ConsoleRow[]> {
  const { applicationName, signal } = options
  try {
    const { client, socket } = await establish(settings, applicationName, signal, async () => noServer)
    try {
      return (await client.query<ConsoleRow>(command)).rows
    } finally {
      await logOut(client, socket)
    }
  } catch (error) {
    signal.throwIfAborted()
    throw consoleFailure(error, describeConnection(settings))
  }
}

/** A console is neither primary nor standby: asked with target_session_attrs=any, it fits. */
const noServer = { versionNum: 0, standby: false, readOnly: false }

/** Elsewhere these words mean that a pooler was taken for a server; here it is the pooler that is asked. */
function consoleFailure(error: unknown, subject: string): Failure {
  const failure = postgresFailure(error, subject)
  if (!/not allowed|no such user|authentication failed/i.test(failure.message)) return failure
  return new Failure(failure.message, {
    ...{ kind: 'config', subject, cause: error },
    hint: 'Let this user look at PgBouncer: stats_users in pgbouncer.ini, and its password in the auth_file; docs/replication.md says how.',
    ...(failure.code === undefined ? {} : { code: failure.code }),
  })
}
