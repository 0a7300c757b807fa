import { type RoleStatement, roleStatements } from '../archive/role-statements.ts'
import type { ClientTools } from '../platform/postgres/client-tools.ts'
import { databaseArgument } from '../platform/postgres/tool-environment.ts'
import { explainToolFailure } from '../platform/postgres/tool-failure.ts'
import { run } from '../platform/process/run.ts'
import type { Findings } from './findings.ts'

export interface RoleComparison {
  tools: ClientTools
  env: Record<string, string>
  database: string
  /** The set's globals.sql. */
  globals: string
  /** Roles that are the server's own and not the set's. */
  ignored: ReadonlySet<string>
  /** Who granted a membership counts; on another's server it is not who granted it in the source. */
  sameGrantors: boolean
  /** The same version of pg_dumpall wrote both sides; otherwise only the names can be compared. */
  sameVersion: boolean
  signal: AbortSignal
}

/** Every role of the set exists with its attributes, memberships and settings, and no other does. */
export async function compareRoles(options: RoleComparison, findings: Findings): Promise<number> {
  const { tools, env, database, globals, signal } = options
  const withPasswords = / PASSWORD '/.test(globals)
  const { stdout } = await run({
    command: tools.pgDumpall,
    args: [
      '--roles-only',
      '--no-password',
      `--database=${databaseArgument(database)}`,
      ...(withPasswords ? [] : ['--no-role-passwords']),
    ],
    env,
    signal,
    explain: explainToolFailure,
  })
  const expected = comparable(globals, options)
  const actual = comparable(stdout, options)
  const there = new Set(actual.map(({ sql }) => sql))
  const wanted = new Set(expected.map(({ sql }) => sql))
  for (const { role, sql } of expected) {
    if (!there.has(sql)) findings.add(`role ${role}`, 'is missing or not as in the backup', { expected: withoutSecret(sql) })
  }
  for (const { role, sql } of actual) {
    if (!wanted.has(sql)) findings.add(`role ${role}`, 'is not like this in the backup', { actual: withoutSecret(sql) })
  }
  return expected.length
}

function comparable(script: string, { ignored, sameGrantors, sameVersion }: RoleComparison): RoleStatement[] {
  return roleStatements(script)
    .filter(({ role, sql }) => !ignored.has(role) && (sameVersion || sql.startsWith('CREATE ROLE ')))
    .map(({ role, sql }) => ({ role, sql: sameGrantors ? sql : sql.replace(/ GRANTED BY ("(?:[^"]|"")*"|\S+)$/, '') }))
}

function withoutSecret(sql: string): string {
  return sql.replace(/ PASSWORD '(?:[^']|'')*'/, " PASSWORD '***'")
}
