/** Settings of the primary; the standby's base backup carries them along. */
export const primarySettings: Readonly<Record<string, string>> = {
  shared_buffers: '64MB',
  max_connections: '100',
  wal_level: 'replica',
  archive_mode: 'off',
  max_wal_senders: '10',
  max_slot_wal_keep_size: '4GB',
  hot_standby: 'on',
  hot_standby_feedback: 'on',
  password_encryption: 'scram-sha-256',
  timezone: 'UTC',
  log_timezone: 'UTC',
  lc_messages: 'C',
  log_line_prefix: '%m [%p] %q%u@%d ',
  // Thrown away at the end: nobody needs it to survive a power cut.
  fsync: 'off',
}

/** Every connection, whether over the socket, TCP or for replication, proves a password by SCRAM. */
export const hbaLines: readonly string[] = [
  'local all all scram-sha-256',
  'host all all 127.0.0.1/32 scram-sha-256',
  'host replication replicator 127.0.0.1/32 scram-sha-256',
]

/** Checksums are what pg_basebackup verifies; C.UTF-8 exists on every Debian. */
export const initdbArgs: readonly string[] = ['--data-checksums', '--locale=C.UTF-8']
