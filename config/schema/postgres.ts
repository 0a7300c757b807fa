import { flag, integer, optional, preset } from './leaf.ts'
import { bytes, seconds } from './quantity.ts'
import { secretRef } from './secret-fields.ts'
import { mapOf, oneOf, section } from './section.ts'
import { absolutePath, setting, sqlName } from './texts.ts'

const synchronous = section({
  /** What a commit waits for: `off` nothing on a standby, `remote_write` written there, `on` flushed there. */
  mode: preset(oneOf('off', 'remote_write', 'on'), 'off'),
  /** How many standbys must confirm. With a single standby its loss stops all writes. */
  standbys: preset(integer(1, 8, 1), 1),
})

const tls = section({
  /** How Ballast's own connections treat the server's certificate, with libpq's meaning. */
  mode: preset(oneOf('disable', 'allow', 'prefer', 'require', 'verify-ca', 'verify-full'), 'verify-full'),
  /** Root certificates to check the server with; the system's own where it is left out. */
  rootCertificate: optional(absolutePath('/etc/ballast/root.crt')),
  /** The servers' own certificate, on the nodes; made at first boot where it is left out. */
  certificate: optional(absolutePath('/etc/ballast/server.crt')),
  /** The key of that certificate. */
  key: optional(secretRef()),
})

const account = (name: string) =>
  section({
    /** The login role. */
    user: preset(sqlName(name), name),
    /** Its password; a password file, a peer login or a certificate serves where it is left out. */
    password: optional(secretRef()),
  })

/** The PostgreSQL servers: the same on the primary and on every replica. */
export const postgres = section({
  /** Major version. */
  version: preset(integer(14, 18, 17), 17),
  /** Where the packages come from: the distribution, or the PostgreSQL project's own repository (PGDG). */
  packages: preset(oneOf('distribution', 'pgdg'), 'distribution'),
  port: preset(integer(1, 65_535, 5432), 5432),
  /** The same on every node, so that any replica can be promoted. */
  maxConnections: preset(integer(20, 10_000, 100), 100),
  /** Of these, kept out of the pools: superuser, replication, monitoring, backup. */
  reservedConnections: preset(integer(5, 200, 15), 15),
  /** What the tuner assumes of the load. */
  workload: preset(oneOf('web', 'oltp', 'mixed', 'warehouse'), 'web'),
  /** Further server settings, over the tuned ones. What the definition itself decides is refused here. */
  settings: preset(mapOf(/^[a-z_][a-z0-9_]*(\.[a-z_][a-z0-9_]*)?$/, 'a setting in small letters', setting()), {}),
  /** Most WAL that a slot may hold back on the primary before it is given up. */
  maxSlotWal: preset(bytes('4 GB', { min: '64 MB' }), '4 GB'),
  /** WAL kept beside the slots, as a cushion. */
  walKeep: preset(bytes('512 MB', { min: '0 B' }), '512 MB'),
  /** Longest time before a WAL segment that is not full is archived too. */
  archiveTimeout: preset(seconds('60 s', { min: '10 s', max: '1 hour' }), '60 s'),
  synchronous: preset(synchronous, {}),
  tls: preset(tls, {}),
  /** Whether a replica tells the primary which rows its readers still need. */
  hotStandbyFeedback: preset(flag(), true),
})

/** The roles that Ballast logs in with. Their passwords are references, never values. */
export const accounts = section({
  /** Reads everything, owns nothing: `pg_read_all_data` and `pg_monitor`. */
  backup: preset(account('ballast_backup'), {}),
  /** Watches replication, slots and pools: `pg_monitor`. */
  monitor: preset(account('ballast_monitor'), {}),
  /** Streams WAL to the replicas. */
  replication: preset(account('ballast_replication'), {}),
})
