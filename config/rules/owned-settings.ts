import { type Rule, when } from './rule.ts'

/** Server settings that the definition decides elsewhere, with where. */
const POSTGRES_OWNED: Readonly<Record<string, string>> = {
  max_connections: 'postgres.maxConnections',
  superuser_reserved_connections: 'postgres.reservedConnections',
  port: 'postgres.port',
  listen_addresses: 'nodes[].address',
  ssl: 'postgres.tls',
  ssl_cert_file: 'postgres.tls.certificate',
  ssl_key_file: 'postgres.tls.key',
  max_slot_wal_keep_size: 'postgres.maxSlotWal',
  wal_keep_size: 'postgres.walKeep',
  archive_timeout: 'postgres.archiveTimeout',
  archive_mode: 'backup.pitr',
  archive_command: 'backup.pitr',
  synchronous_standby_names: 'postgres.synchronous',
  synchronous_commit: 'postgres.synchronous.mode',
  hot_standby_feedback: 'postgres.hotStandbyFeedback',
  primary_conninfo: 'nodes and accounts.replication',
  primary_slot_name: 'nodes[].slot',
}

const POOLER_OWNED: Readonly<Record<string, string>> = {
  listen_port: 'pgbouncer.port',
  pool_mode: 'pgbouncer.mode',
  max_client_conn: 'pgbouncer.maxClients',
  max_prepared_statements: 'pgbouncer.preparedStatements',
  default_pool_size: 'databases[].pool.size',
  reserve_pool_size: 'databases[].pool.reserve',
  min_pool_size: 'databases[].pool.min',
  reserve_pool_timeout: 'pgbouncer.reserveAfter',
  query_wait_timeout: 'pgbouncer.queryWait',
  server_lifetime: 'pgbouncer.serverLifetime',
}

/** What the image lays out, or does itself, so that a definition may not undo it. */
const POSTGRES_OF_IMAGE: readonly string[] = [
  'config_file',
  'data_directory',
  'external_pid_file',
  'hba_file',
  'hot_standby',
  'ident_file',
  'include',
  'include_dir',
  'include_if_exists',
  'unix_socket_directories',
]

const POOLER_OF_IMAGE: readonly string[] = [
  'auth_file',
  'auth_hba_file',
  'auth_ident_file',
  'auth_query',
  'auth_type',
  'auth_user',
  'client_tls_ca_file',
  'client_tls_cert_file',
  'client_tls_key_file',
  'client_tls_sslmode',
  'conffile',
  'listen_addr',
  'logfile',
  'peer_id',
  'pidfile',
  'service_name',
  'so_reuseport',
  'unix_socket_dir',
  'user',
]

/** Settings whose unsafe values no cluster under Ballast may have. */
const UNSAFE: Readonly<Record<string, readonly string[]>> = {
  fsync: ['off'],
  full_page_writes: ['off'],
  password_encryption: ['md5'],
  wal_level: ['minimal'],
  ssl_min_protocol_version: ['tlsv1', 'tlsv1.1'],
  ignore_checksum_failure: ['on'],
  zero_damaged_pages: ['on'],
}

function owned(path: string, settings: Readonly<Record<string, string>>, owners: Readonly<Record<string, string>>) {
  return Object.keys(settings).flatMap((name) => {
    const owner = Object.hasOwn(owners, name) ? owners[name] : undefined
    return when(owner !== undefined, `${path}.${name}`, 'is decided elsewhere in the definition', `use ${owner}`)
  })
}

function ofImage(path: string, settings: Readonly<Record<string, string>>, names: readonly string[]) {
  return Object.keys(settings).flatMap((name) =>
    when(names.includes(name), `${path}.${name}`, 'is decided by the image', 'remove it'),
  )
}

export const settingRules: readonly Rule[] = [
  { needs: ['postgres.settings'], check: ({ postgres }) => ofImage('postgres.settings', postgres.settings, POSTGRES_OF_IMAGE) },
  {
    needs: ['pgbouncer.settings'],
    check: ({ pgbouncer }) => ofImage('pgbouncer.settings', pgbouncer.settings, POOLER_OF_IMAGE),
  },
  { needs: ['postgres.settings'], check: ({ postgres }) => owned('postgres.settings', postgres.settings, POSTGRES_OWNED) },
  { needs: ['pgbouncer.settings'], check: ({ pgbouncer }) => owned('pgbouncer.settings', pgbouncer.settings, POOLER_OWNED) },
  {
    needs: ['postgres.settings'],
    check: ({ postgres: { settings } }) =>
      Object.entries(UNSAFE).flatMap(([name, values]) =>
        when(
          values.includes(settings[name]?.toLowerCase() ?? ''),
          `postgres.settings.${name}`,
          `'${settings[name]}' is not safe for a server that keeps data or streams it`,
          'remove it',
        ),
      ),
  },
  {
    needs: ['postgres.settings', 'nodes'],
    check: ({ postgres: { settings }, nodes }) => {
      // One for each replica, and two for the replica that is being made and the backup that streams.
      const least = nodes.filter(({ role }) => role === 'replica').length + 2
      return ['max_wal_senders', 'max_replication_slots'].flatMap((name) =>
        when(
          Number(settings[name]) < least,
          `postgres.settings.${name}`,
          `${settings[name]} is too few for the replicas, one that is being made and a backup`,
          `write at least ${least}, or remove it`,
        ),
      )
    },
  },
]
