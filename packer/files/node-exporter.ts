import type { Cluster } from '../../config/index.ts'
import type { RoleFile } from '../role-file.ts'

const PORT = 9100

/** Where the exporter listens: on loopback alone while no network may scrape it; the firewall says which ones may. */
export function nodeExporterFiles({ firewall }: Cluster): RoleFile[] {
  const host = firewall.monitor.length === 0 ? '127.0.0.1' : ''
  return [{ path: '/etc/default/prometheus-node-exporter', content: `ARGS="--web.listen-address=${host}:${PORT}"\n` }]
}
