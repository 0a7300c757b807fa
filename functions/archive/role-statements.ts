import { rolesPart } from './globals.ts'
import { sqlStatements, unquoted } from './sql-statements.ts'

/** One statement of a globals.sql, and the role that it is about. */
export interface RoleStatement {
  role: string
  sql: string
}

const name = /("(?:[^"]|"")*"|[^\s;]+)/.source
/** CREATE and ALTER ROLE, COMMENT ON ROLE, and GRANT a TO b, which is about b. */
const subjects = [
  new RegExp(`^(?:CREATE|ALTER) ROLE ${name}`),
  new RegExp(`^COMMENT ON ROLE ${name}`),
  new RegExp(`^GRANT ${name} TO ${name}`),
]

/** The statements about roles of a globals.sql, or of what pg_dumpall --roles-only wrote. */
export function roleStatements(globals: string): RoleStatement[] {
  return sqlStatements(rolesPart(globals)).flatMap((sql) => {
    for (const subject of subjects) {
      const role = subject.exec(sql)?.at(-1)
      if (role !== undefined) return [{ role: unquoted(role), sql }]
    }
    return []
  })
}

/** The roles that the statements create. */
export function createdRoles(statements: readonly RoleStatement[]): string[] {
  return statements.filter(({ sql }) => sql.startsWith('CREATE ROLE ')).map(({ role }) => role)
}

/**
 * The name to give to a new server's first superuser: that of the source's own, because it owns what came with the
 * server, and since PostgreSQL 16 grants memberships. It has every attribute; where several roles have, `postgres` is it.
 */
export function firstSuperuser(statements: readonly RoleStatement[]): string {
  const all = ['SUPERUSER', 'CREATEROLE', 'CREATEDB', 'LOGIN', 'REPLICATION', 'BYPASSRLS']
  const candidates = statements
    .filter(({ sql, role }) => !role.startsWith('pg_') && all.every((attribute) => new RegExp(`\\s${attribute}\\b`).test(sql)))
    .map(({ role }) => role)
  const [first] = candidates
  return candidates.includes('postgres') || first === undefined ? 'postgres' : first
}
