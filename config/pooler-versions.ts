import type { ParsedCluster } from './schema/cluster.ts'

/** What each base image ships. */
export const BASES = {
  'debian-13': { postgres: 17, pgbouncer: '1.24.1' },
  'ubuntu-24.04': { postgres: 16, pgbouncer: '1.22.0' },
} as const

/** The first PgBouncer that knows an option; it refuses to start on one that it does not know. */
export const OPTION_SINCE: Readonly<Record<string, string>> = {
  auth_dbname: '1.19',
  max_prepared_statements: '1.21',
  track_extra_parameters: '1.20',
  load_balance_hosts: '1.24',
  transaction_timeout: '1.25',
  max_user_client_connections: '1.24',
  max_db_client_connections: '1.24',
  client_tls13_ciphers: '1.25',
  server_tls13_ciphers: '1.25',
}

export const PREPARED_STATEMENTS_SINCE = '1.21'

/** Whether version `a` is older than version `b`, number by number. */
export function olderThan(a: string, b: string): boolean {
  const [left, right] = [a.split('.').map(Number), b.split('.').map(Number)]
  for (let i = 0; i < Math.max(left.length, right.length); i++) {
    const difference = (left[i] ?? 0) - (right[i] ?? 0)
    if (difference !== 0) return difference < 0
  }
  return false
}

/** The version of PgBouncer that the nodes get. */
export function poolerVersion({ pgbouncer, images }: Pick<ParsedCluster, 'pgbouncer' | 'images'>): string {
  return pgbouncer.version ?? BASES[images.base].pgbouncer
}
