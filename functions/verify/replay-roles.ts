import { readFile, writeFile } from 'node:fs/promises'
import { rolesPart } from '../archive/globals.ts'
import { Failure } from '../platform/failure.ts'
import { databaseArgument } from '../platform/postgres/tool-environment.ts'
import { run } from '../platform/process/run.ts'

export interface ReplayRoles {
  psql: string
  env: Record<string, string>
  /** Path of globals.sql; its roles are written beside it. */
  globals: string
  database: string
  signal: AbortSignal | undefined
}

/**
 * Runs the roles part of globals.sql as it is, on a server that has only its own first superuser: that one gets the set's
 * attributes and settings, and its existence is no error; every other error is one. psql itself would stop at the first and return 0 after any, so its own report of each error is read.
 */
export async function replayRoles({ psql, env, globals, database, signal }: ReplayRoles): Promise<void> {
  const roles = `${globals}.roles`
  await writeFile(roles, rolesPart(await readFile(globals, 'utf8')), { mode: 0o600 })
  const { stderr } = await run({
    command: psql,
    args: [
      '--no-psqlrc',
      '--quiet',
      '--no-password',
      '--set=VERBOSITY=sqlstate',
      `--dbname=${databaseArgument(database)}`,
      `--file=${roles}`,
    ],
    env,
    ...(signal && { signal }),
  })
  const errors = stderr.split('\n').filter((line) => /ERROR:|FATAL:/.test(line) && !line.endsWith(roleExists))
  if (errors.length === 0) return
  throw new Failure(
    `the roles of the set could not be created: SQLSTATE ${errors.map((line) => line.split(' ').at(-1)).join(', ')}`,
    {
      kind: 'permanent',
      subject: 'globals.sql',
      hint: 'Use a superuser or a role with CREATEROLE, or create the roles by hand from globals.sql of the set.',
    },
  )
}

const roleExists = '42710'
