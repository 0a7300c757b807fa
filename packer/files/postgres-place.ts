import type { Cluster } from '../../config/index.ts'

/** Where the node's certificate and its key are, for PostgreSQL and PgBouncer; the first boot puts them there. */
export const CERTIFICATE = { file: '/etc/ballast/tls/server.crt', key: '/etc/ballast/tls/server.key' } as const

/** Where PostgreSQL's and PgBouncer's Unix sockets are. */
export const POSTGRES_SOCKETS = '/run/postgresql'
export const POOLER_SOCKETS = '/run/pgbouncer'

/** Roles that services of the machine log in with, as the system user of the same name and by nothing else. */
export const POOLER_ROLE = 'pgbouncer'
export const EXPORTER_ROLE = 'prometheus'

/** Where the cluster's files are, as Debian lays them out. */
export function postgresPlace({ postgres: { version } }: Cluster) {
  return {
    programs: `/usr/lib/postgresql/${version}/bin`,
    configuration: `/etc/postgresql/${version}/main`,
    data: `/var/lib/postgresql/${version}/main`,
    unit: `postgresql@${version}-main`,
  }
}
