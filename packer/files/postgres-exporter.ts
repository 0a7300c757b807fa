import { POSTGRES_EXPORTER_PORT } from '../../config/exporter-ports.ts'
import type { Cluster } from '../../config/index.ts'
import type { RoleFile } from '../role-file.ts'
import { EXPORTER_ROLE, POSTGRES_SOCKETS } from './postgres-place.ts'

/** Where the exporter listens, on loopback alone while no network may scrape it, and how it reaches PostgreSQL: by peer login. */
export function postgresExporter({ firewall, postgres }: Cluster): readonly RoleFile[] {
  const host = firewall.monitor.length === 0 ? '127.0.0.1' : ''
  const source = `user=${EXPORTER_ROLE} host=${POSTGRES_SOCKETS} port=${postgres.port} dbname=postgres`
  const content = `DATA_SOURCE_NAME="${source}"\nARGS="--web.listen-address=${host}:${POSTGRES_EXPORTER_PORT}"\n`
  return [{ path: '/etc/default/prometheus-postgres-exporter', content }]
}
