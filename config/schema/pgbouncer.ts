import { integer, optional, preset } from './leaf.ts'
import { seconds } from './quantity.ts'
import { mapOf, oneOf, section } from './section.ts'
import { setting, version } from './texts.ts'

/** PgBouncer beside PostgreSQL on the primary and on every replica. */
export const pgbouncer = section({
  /** The version that is installed; what the base image ships where it is left out. Options newer than it are refused. */
  version: optional(version('1.24.1')),
  port: preset(integer(1, 65_535, 6432), 6432),
  mode: preset(oneOf('transaction', 'session'), 'transaction'),
  /** Most clients at the same time, over all databases. */
  maxClients: preset(integer(10, 100_000, 1000), 1000),
  /** Prepared statements kept per connection; 0 switches them off. Left out: 200 where the version can, else 0. */
  preparedStatements: optional(integer(0, 10_000, 200)),
  /** How long a client waits before it gets a connection of the reserve. */
  reserveAfter: preset(seconds('3 s'), '3 s'),
  /** Longest wait of a client for a connection. */
  queryWait: preset(seconds('60 s'), '60 s'),
  /** A server connection is closed after this time. */
  serverLifetime: preset(seconds('1 hour'), '1 hour'),
  /** Further options of pgbouncer.ini. What the definition itself decides is refused here. */
  settings: preset(mapOf(/^[a-z_]+$/, 'an option in small letters', setting()), {}),
})
