import { type Rule, when } from './rule.ts'

/** Databases that every server has, and PgBouncer's console, which looks like one. */
const TAKEN_DATABASES = ['postgres', 'template0', 'template1', 'pgbouncer']

/** Roles that the services of a database node log in with, without a password. */
const SERVICE_ROLES = ['pgbouncer', 'prometheus']

const databaseNames: Rule = {
  needs: ['databases'],
  check: ({ databases }) =>
    databases.flatMap(({ name }, index) =>
      when(TAKEN_DATABASES.includes(name), `databases[${index}].name`, `'${name}' is there already`, 'use another name'),
    ),
}

const roleNames: Rule = {
  needs: ['databases', 'accounts'],
  check: ({ databases, accounts }) => {
    const { backup, monitor, replication } = accounts
    const used = [
      ...databases.map(({ owner }, index) => ({ path: `databases[${index}].owner`, role: owner })),
      ...Object.entries({ backup, monitor, replication }).map(([name, { user }]) => ({
        path: `accounts.${name}.user`,
        role: user,
      })),
    ]
    return used.flatMap(({ path, role }) => [
      ...when(SERVICE_ROLES.includes(role), path, `'${role}' is the role of a service on the nodes`, 'use another name'),
      ...when(role.startsWith('pg_'), path, `'${role}' begins with pg_, as PostgreSQL's own roles do`, 'use another name'),
      ...when(
        role === 'postgres',
        path,
        "'postgres' is the superuser, who cannot come in through PgBouncer",
        'use a role of its own',
      ),
    ])
  },
}

export const nameRules: readonly Rule[] = [databaseNames, roleNames]
