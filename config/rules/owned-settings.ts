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

/** Settings whose unsafe values no cluster under Ballast may have. */
const UNSAFE: Readonly<Record<string, string>> = {
  fsync: 'off',
  full_page_writes: 'off',
  password_encryption: 'md5',
  wal_level: 'minimal',
}

function owned(path: string, settings: Readonly<Record<string, string>>, owners: Readonly<Record<string, string>>) {
  return Object.keys(settings).flatMap((name) => {
    const owner = Object.hasOwn(owners, name) ? owners[name] : undefined
    return when(owner !== undefined, `${path}.${name}`, 'is decided elsewhere in the definition', `use ${owner}`)
  })
}

export const settingRules: readonly Rule[] = [
  { needs: ['postgres.settings'], check: ({ postgres }) => owned('postgres.settings', postgres.settings, POSTGRES_OWNED) },
  { needs: ['pgbouncer.settings'], check: ({ pgbouncer }) => owned('pgbouncer.settings', pgbouncer.settings, POOLER_OWNED) },
  {
    needs: ['postgres.settings'],
    check: ({ postgres: { settings } }) =>
      Object.entries(UNSAFE).flatMap(([name, value]) =>
        when(
          settings[name]?.toLowerCase() === value,
          `postgres.settings.${name}`,
          `'${value}' is not safe for a server that keeps data or streams it`,
          'remove it',
        ),
      ),
  },
]
