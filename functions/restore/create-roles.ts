import { readFile, writeFile } from 'node:fs/promises'
import { rolesPart } from '../archive/globals.ts'
import { Failure } from '../platform/failure.ts'
import { databaseArgument } from '../platform/postgres/tool-environment.ts'
import { run } from '../platform/process/run.ts'

export interface CreateRoles {
  psql: string
  env: Record<string, string>
  /** Path of globals.sql; its roles are written beside it. */
  globals: string
  database: string
  signal: AbortSignal | undefined
}

/**
 * Runs the roles part of globals.sql. A role that is there already is no error and keeps its password; every other
 * error is one. psql itself would stop at the first and return 0 after any, so its own report of each error is read.
 */
export async function createRoles({ psql, env, globals, database, signal }: CreateRoles): Promise<void> {
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
