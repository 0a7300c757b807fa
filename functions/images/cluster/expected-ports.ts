import type { Cluster } from '../../../config/index.ts'
import { type ImageRole, isDatabase } from '../../../packer/roles.ts'
import type { Speaker } from '../lab/addresses.ts'

/** Who may reach a port of a machine; everybody else gets no answer at all. */
export interface PortPolicy {
  port: number
  protocol: 'tcp' | 'udp'
  /** What the test calls it. */
  what: string
  reachedBy: readonly Speaker[]
}

/** A port on which the tests let something listen that no definition offers. */
export const strayPort = 8099

const everybody: readonly Speaker[] = ['admin', 'app', 'replica', 'monitor', 'stranger']

/** What the machines of a role are meant to let in, said here a second time: by people, not by the model that makes the rules. */
export function portPolicies(cluster: Cluster, role: ImageRole): PortPolicy[] {
  const { firewall, postgres, pgbouncer } = cluster
  const tcp = (what: string, port: number, ...reachedBy: Speaker[]): PortPolicy => ({ port, protocol: 'tcp', what, reachedBy })
  const common = [
    tcp('SSH', firewall.sshPort, 'admin'),
    tcp('node exporter', 9100, 'monitor'),
    tcp('a stray service', strayPort),
    { ...tcp('a stray service', strayPort), protocol: 'udp' as const },
  ]
  if (!isDatabase(role)) {
    return [...common, ...firewall.publicPorts.map((port) => tcp('a public port', port, ...everybody))]
  }
  return [
    ...common,
    tcp('PostgreSQL', postgres.port, 'admin', 'replica'),
    tcp('PgBouncer', pgbouncer.port, 'admin', 'app'),
    tcp('PostgreSQL exporter', 9187, 'monitor'),
  ]
}
