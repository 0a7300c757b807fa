import type { BadDefinition } from './bad-definition.ts'

export const pools: readonly BadDefinition[] = [
  {
    changes: { 'databases[0].pool': { size: 90 } },
    lines: [
      'databases: pools need 95 connections, but only 85 are free (maxConnections 100 - reservedConnections 15); lower pool.size or pool.reserve, or raise postgres.maxConnections to 110',
    ],
  },
  {
    changes: { 'databases[0].pool': { size: 20, users: 4 } },
    lines: [
      'databases: pools need 100 connections, but only 85 are free (maxConnections 100 - reservedConnections 15); lower pool.size or pool.reserve, or raise postgres.maxConnections to 115',
    ],
  },
  {
    changes: { 'databases[1]': { name: 'shop', owner: 'o' } },
    lines: ["databases[1].name: 'shop' is also databases[0].name; name every database once"],
  },
  {
    changes: { 'databases[0].pool': { min: 30 } },
    lines: ["databases[0].pool.min: 30 is over the pool's size, 20; write at most 20"],
  },
  {
    changes: { 'databases[0].extensions': ['pgcrypto', 'pgcrypto'] },
    lines: ["databases[0].extensions[1]: 'pgcrypto' is also databases[0].extensions[0]; name every extension once"],
  },
  {
    changes: { 'databases[0].connection': { url: 'postgresql://db/shop', user: 'x' } },
    lines: ['databases[0].connection: has a url and its parts; keep the url or the parts'],
  },
  {
    changes: { 'databases[0].connection': { port: 6432 } },
    lines: [
      "databases[0].connection.port: port 6432 is PgBouncer's, and a dump through transaction pooling breaks the application; write PostgreSQL's own port, e.g. 5432",
    ],
  },
  {
    changes: { 'databases[0].connection': { url: 'postgresql://db:6432/shop' } },
    lines: [
      "databases[0].connection.url: port 6432 is PgBouncer's, and a dump through transaction pooling breaks the application; write PostgreSQL's own port, e.g. 5432",
    ],
  },
  {
    changes: { 'backup.workers': 14 },
    lines: [
      'backup.workers: 14 connections are more than the 13 that postgres.reservedConnections leaves for a backup; write at most 13 or raise postgres.reservedConnections',
    ],
  },
  {
    changes: { 'backup.fanOut.connections': 20 },
    lines: [
      'backup.fanOut.connections: 20 connections are more than the 13 that postgres.reservedConnections leaves for a backup; write at most 13 or raise postgres.reservedConnections',
    ],
  },
  {
    changes: { 'postgres.reservedConnections': 200 },
    lines: ['postgres.reservedConnections: 200 leaves nothing of maxConnections 100; write less'],
  },
  {
    changes: { 'pgbouncer.maxClients': 10 },
    lines: [
      'pgbouncer.maxClients: 10 clients cannot fill pools of 20; write at least 20',
      'loadtests.pgbench.clients: 200 clients are more than pgbouncer.maxClients 10, so some would be refused; write at most 10',
    ],
  },
  {
    changes: { 'pgbouncer.preparedStatements': 200, 'pgbouncer.version': '1.18.0', 'postgres.packages': 'pgdg' },
    lines: [
      'pgbouncer.preparedStatements: PgBouncer 1.18.0 has no prepared statements in transaction mode (since 1.21); write 0 or use a newer PgBouncer',
    ],
  },
  {
    changes: { 'pgbouncer.settings': { transaction_timeout: 5 } },
    lines: [
      'pgbouncer.settings.transaction_timeout: PgBouncer 1.24.1 does not know it (since 1.25) and would not start; remove it or use a newer PgBouncer',
    ],
  },
  { changes: { 'pgbouncer.port': 5432 }, lines: ["pgbouncer.port: '5432' is also postgres.port; use different ports"] },
  {
    changes: { 'pgbouncer.settings': { pool_mode: 'session' } },
    lines: ['pgbouncer.settings.pool_mode: is decided elsewhere in the definition; use pgbouncer.mode'],
  },
  {
    changes: { 'postgres.settings': { max_connections: 500 } },
    lines: ['postgres.settings.max_connections: is decided elsewhere in the definition; use postgres.maxConnections'],
  },
  {
    changes: { 'postgres.settings': { fsync: false } },
    lines: ["postgres.settings.fsync: 'off' is not safe for a server that keeps data or streams it; remove it"],
  },
]
