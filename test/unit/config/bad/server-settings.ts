import type { BadDefinition } from './bad-definition.ts'

/** Settings and ports that the image could not work with. */
export const serverSettings: readonly BadDefinition[] = [
  ...['data_directory', 'hba_file', 'include_dir', 'unix_socket_directories', 'hot_standby'].map((name) => ({
    changes: { 'postgres.settings': { [name]: 'x' } },
    lines: [`postgres.settings.${name}: is decided by the image; remove it`],
  })),
  ...['auth_type', 'auth_query', 'listen_addr', 'client_tls_sslmode', 'so_reuseport'].map((name) => ({
    changes: { 'pgbouncer.settings': { [name]: 'any' } },
    lines: [`pgbouncer.settings.${name}: is decided by the image; remove it`],
  })),
  {
    changes: { 'pgbouncer.settings': { query_timout: 5 } },
    lines: ['pgbouncer.settings.query_timout: is no option of PgBouncer, which would not start; did you mean query_timeout?'],
  },
  ...(
    [
      ['auth_dbname', '1.18.0', '1.19'],
      ['track_extra_parameters', '1.19.1', '1.20'],
      ['max_user_client_connections', '1.23.1', '1.24'],
      ['query_wait_notify', '1.24.1', '1.25'],
    ] as const
  ).map(([option, version, since]) => ({
    changes: { 'postgres.packages': 'pgdg', 'pgbouncer.version': version, 'pgbouncer.settings': { [option]: 'x' } },
    lines: [
      `pgbouncer.settings.${option}: PgBouncer ${version} does not know it (since ${since}) and would not start; remove it or use a newer PgBouncer`,
    ],
  })),
  {
    changes: { 'images.base': 'ubuntu-24.04', 'postgres.version': 16, 'pgbouncer.settings': { max_db_client_connections: 9 } },
    lines: [
      'pgbouncer.settings.max_db_client_connections: PgBouncer 1.22.0 does not know it (since 1.24) and would not start; remove it or use a newer PgBouncer',
    ],
  },
  ...(
    [
      ['full_page_writes', 'off'],
      ['password_encryption', 'md5'],
      ['wal_level', 'minimal'],
      ['ssl_min_protocol_version', 'TLSv1'],
      ['zero_damaged_pages', 'on'],
    ] as const
  ).map(([name, value]) => ({
    changes: { 'postgres.settings': { [name]: value } },
    lines: [`postgres.settings.${name}: '${value}' is not safe for a server that keeps data or streams it; remove it`],
  })),
  {
    changes: { 'postgres.settings': { max_wal_senders: 2 } },
    lines: [
      'postgres.settings.max_wal_senders: 2 is too few for the replicas, one that is being made and a backup; write at least 3, or remove it',
    ],
  },
  {
    changes: { 'postgres.settings': { max_replication_slots: 0 } },
    lines: [
      'postgres.settings.max_replication_slots: 0 is too few for the replicas, one that is being made and a backup; write at least 3, or remove it',
    ],
  },
  {
    changes: { 'firewall.sshPort': 9100 },
    lines: ["firewall.sshPort: '9100' is also the node exporter; use different ports"],
  },
  {
    changes: { 'pgbouncer.port': 9187 },
    lines: ["pgbouncer.port: '9187' is also the postgres exporter; use different ports"],
  },
  {
    changes: { 'firewall.publicPorts': [80, 9100] },
    lines: ['firewall.publicPorts[1]: port 9100 must never be open to the world; remove it'],
  },
]
