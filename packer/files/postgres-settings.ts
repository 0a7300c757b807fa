import type { Cluster } from '../../config/index.ts'
import { archiveCommand } from './pgbackrest.ts'
import { CERTIFICATE, POSTGRES_SOCKETS } from './postgres-place.ts'

/** Kept for superusers alone; the rest of `reservedConnections` is for the roles in `pg_use_reserved_connections`. */
const SUPERUSER_CONNECTIONS = 3

/** The first major version with `reserved_connections`. */
export const RESERVED_CONNECTIONS_SINCE = 16

/** Libraries that must be loaded at start before their settings mean anything, or their extension can be made. */
const PRELOADED = ['auto_explain', 'pg_cron', 'pg_prewarm', 'pgaudit']

/**
 * Server settings that follow from the definition, in the order of the file. What follows from the machine, or must not be
 * lower than the primary's, is the tuner's.
 */
export function definedSettings(cluster: Cluster): Readonly<Record<string, string>> {
  return {
    ...connectionSettings(cluster),
    ...replicationSettings(cluster),
    ...archiveSettings(cluster),
    shared_preload_libraries: preloaded(cluster),
    ...LOG_SETTINGS,
    ...cluster.postgres.settings,
  }
}

function connectionSettings({ postgres }: Cluster): Record<string, string> {
  const reserved = String(postgres.reservedConnections - SUPERUSER_CONNECTIONS)
  return {
    // The firewall and pg_hba.conf say who may come; the address of a cloud's machine is not known before it boots.
    listen_addresses: '*',
    port: String(postgres.port),
    unix_socket_directories: POSTGRES_SOCKETS,
    superuser_reserved_connections: String(SUPERUSER_CONNECTIONS),
    ...(postgres.version < RESERVED_CONNECTIONS_SINCE ? {} : { reserved_connections: reserved }),
    password_encryption: 'scram-sha-256',
    ssl: 'on',
    ssl_cert_file: CERTIFICATE.file,
    ssl_key_file: CERTIFICATE.key,
    ssl_min_protocol_version: 'TLSv1.2',
  }
}

function replicationSettings({ postgres }: Cluster): Record<string, string> {
  const { mode } = postgres.synchronous
  return {
    wal_level: 'replica',
    // For pg_rewind, whatever becomes of the checksums.
    wal_log_hints: 'on',
    hot_standby: 'on',
    hot_standby_feedback: postgres.hotStandbyFeedback ? 'on' : 'off',
    // Without names in synchronous_standby_names, which the node's own file has, `on` waits for the local disk alone.
    synchronous_commit: mode === 'remote_write' ? 'remote_write' : 'on',
  }
}

function archiveSettings(cluster: Cluster): Record<string, string> {
  if (cluster.backup.pitr === undefined) return { archive_mode: 'off' }
  return {
    archive_mode: 'on',
    archive_command: archiveCommand(cluster),
    archive_timeout: `${cluster.postgres.archiveTimeoutSeconds}s`,
    // No restore_command: a standby would ask a store that does not answer before it starts, and before it is promoted.
  }
}

/** Statement statistics are always there; the rest where a setting or a database asks for it. */
function preloaded({ postgres: { settings }, databases }: Cluster): string {
  const asked = new Set([
    ...Object.keys(settings).map((name) => name.split('.')[0]),
    ...databases.flatMap(({ extensions }) => extensions),
  ])
  return ['pg_stat_statements', ...PRELOADED.filter((library) => asked.has(library))].join(',')
}

/** To the journal, which keeps and limits them. */
const LOG_SETTINGS: Readonly<Record<string, string>> = {
  log_destination: 'stderr',
  logging_collector: 'off',
  log_line_prefix: '%m [%p] %q%u@%d ',
  log_checkpoints: 'on',
  log_lock_waits: 'on',
  log_autovacuum_min_duration: '1min',
  log_temp_files: '32MB',
  lc_messages: 'C',
  timezone: 'UTC',
  log_timezone: 'UTC',
}
