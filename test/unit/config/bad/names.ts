import type { BadDefinition } from './bad-definition.ts'

/** Names that every server, or every database node, has taken. */
export const names: readonly BadDefinition[] = [
  ...['postgres', 'template1', 'pgbouncer'].map((name) => ({
    changes: { 'databases[0].name': name },
    lines: [`databases[0].name: '${name}' is there already; use another name`],
  })),
  {
    changes: { 'databases[0].name': 'shop$1' },
    lines: ["databases[0].name: must be a name of letters, digits, _ and -, at most 63 bytes; write e.g. 'shop'"],
  },
  {
    changes: { 'accounts.monitor.user': 'prometheus' },
    lines: ["accounts.monitor.user: 'prometheus' is the role of a service on the nodes; use another name"],
  },
  {
    changes: { 'databases[0].owner': 'pgbouncer' },
    lines: ["databases[0].owner: 'pgbouncer' is the role of a service on the nodes; use another name"],
  },
  {
    changes: { 'accounts.backup.user': 'pg_backup' },
    lines: ["accounts.backup.user: 'pg_backup' begins with pg_, as PostgreSQL's own roles do; use another name"],
  },
  {
    changes: { 'databases[0].owner': 'postgres' },
    lines: ["databases[0].owner: 'postgres' is the superuser, who cannot come in through PgBouncer; use a role of its own"],
  },
]
