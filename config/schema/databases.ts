import { flag, integer, optional, preset } from './leaf.ts'
import { secretRef, urlOrSecret } from './secret-fields.ts'
import { list, oneOf, section } from './section.ts'
import { absolutePath, databaseName, serverHost, sqlName } from './texts.ts'

const pool = section({
  /** Server connections of the pool. */
  size: preset(integer(1, 1000, 20), 20),
  /** Further ones when clients wait too long. */
  reserve: preset(integer(0, 1000, 5), 5),
  /** Connections kept open when nobody asks for one. */
  min: preset(integer(0, 1000, 0), 0),
  /** Login roles that use the database through the pooler at the same time: each has a pool of its own. */
  users: preset(integer(1, 100, 1), 1),
})

const connection = section({
  /** The whole of it, as a URL without a password, or as a secret. */
  url: optional(urlOrSecret('postgresql://ballast_backup@10.0.0.12:5432/shop', 'postgresql', 'postgres')),
  host: optional(serverHost('10.0.0.12')),
  port: optional(integer(1, 65_535, 5432)),
  user: optional(sqlName('ballast_backup')),
  password: optional(secretRef()),
  sslmode: optional(oneOf('disable', 'allow', 'prefer', 'require', 'verify-ca', 'verify-full')),
  sslrootcert: optional(absolutePath('/etc/ballast/root.crt')),
})

/** One database of the cluster. */
export const database = section({
  name: databaseName('shop'),
  /** The role that owns it. */
  owner: sqlName('shop_owner'),
  extensions: preset(list(sqlName('pgcrypto')), []),
  /** Its share of PgBouncer. All pools together stay inside `postgres.maxConnections`. */
  pool: preset(pool, {}),
  /** Whether it is backed up with `--all` and by schedule. */
  backup: preset(flag(), true),
  /** How the backup reaches it: directly, never through a transaction pooler. From nodes and accounts where it is left out. */
  connection: preset(connection, {}),
})
