import { createdRoles, roleStatements } from '../archive/role-statements.ts'
import { Failure } from '../platform/failure.ts'
import type { Session } from '../platform/postgres/session.ts'

/**
 * Creates the roles of a globals.sql that the server lacks, with their attributes, settings and memberships. A role
 * that is there already is left exactly as it is. All of them or none; returns the new ones.
 *
 * @throws Failure when one cannot be created; the server is unchanged then.
 */
export async function createMissingRoles(session: Session, globals: string): Promise<string[]> {
  const statements = roleStatements(globals)
  const there = await session.query<{ name: string }>('SELECT rolname AS name FROM pg_roles')
  const existing = new Set(there.map(({ name }) => name))
  const missing = new Set(createdRoles(statements).filter((role) => !existing.has(role)))
  if (missing.size === 0) return []
  try {
    await session.query('BEGIN')
    for (const { role, sql } of statements) {
      // Who granted a membership is the source's affair.
      if (missing.has(role)) await session.query(sql.replace(/ GRANTED BY ("(?:[^"]|"")*"|\S+)$/, ''))
    }
    await session.query('COMMIT')
  } catch (cause) {
    await session.query('ROLLBACK').catch(() => undefined)
    throw notCreated(cause)
  }
  return [...missing]
}

function notCreated(cause: unknown): Failure {
  const reason = cause instanceof Error ? cause.message : String(cause)
  return new Failure(`the roles of the set could not be created: ${reason}`, {
    kind: 'permanent',
    subject: 'globals.sql',
    hint: 'Use a superuser or a role with CREATEROLE, or create the roles by hand from globals.sql of the set; nothing was changed.',
    ...(cause instanceof Failure && cause.code !== undefined ? { code: cause.code } : {}),
    cause,
  })
}
