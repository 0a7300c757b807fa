import { NODE_EXPORTER_PORT, POSTGRES_EXPORTER_PORT } from '../config/exporter-ports.ts'
import type { Cidr, Cluster } from '../config/index.ts'
import { type ImageRole, isDatabase } from './roles.ts'

/** Networks with a name in the definition's `firewall`. */
export const NETWORK_GROUPS = ['admin', 'app', 'replica', 'monitor'] as const
export type NetworkGroup = (typeof NETWORK_GROUPS)[number]

/** New TCP connections that a role's machines accept; everything else that comes in is dropped. */
export interface FirewallRule {
  from: NetworkGroup | 'anyone'
  ports: readonly number[]
  /** What is behind the ports: one word for comments and descriptions. */
  service: string
}

/** The networks behind a rule's `from`, in the definition's order; for `anyone` both address families as a whole. */
export function networksOf(from: FirewallRule['from'], { firewall }: Cluster): readonly Cidr[] {
  return from === 'anyone' ? ANYONE : firewall[from]
}

const ANYONE: readonly Cidr[] = [
  { text: '0.0.0.0/0', address: '0.0.0.0', prefixLength: 0, family: 'ipv4' },
  { text: '::/0', address: '::', prefixLength: 0, family: 'ipv6' },
]

/**
 * What the machines of a role accept: the one source of the image's nftables rules and of the clouds' firewalls. A group
 * without networks has no rule. Ballast's own machine belongs to the admins, for it asks PostgreSQL and PgBouncer directly.
 * Replicas accept what the primary does, so that a promotion changes no firewall.
 */
export function firewallRules(cluster: Cluster, role: ImageRole): readonly FirewallRule[] {
  const all = [...commonRules(cluster), ...(isDatabase(role) ? databaseRules(cluster) : dockerRules(cluster))]
  return all.filter(({ from, ports }) => ports.length > 0 && networksOf(from, cluster).length > 0)
}

function commonRules({ firewall }: Cluster): FirewallRule[] {
  return [
    { from: 'admin', ports: [firewall.sshPort], service: 'ssh' },
    { from: 'monitor', ports: [NODE_EXPORTER_PORT], service: 'node-exporter' },
  ]
}

function databaseRules({ postgres, pgbouncer }: Cluster): FirewallRule[] {
  return [
    { from: 'admin', ports: [postgres.port], service: 'postgresql' },
    { from: 'replica', ports: [postgres.port], service: 'postgresql' },
    { from: 'admin', ports: [pgbouncer.port], service: 'pgbouncer' },
    { from: 'app', ports: [pgbouncer.port], service: 'pgbouncer' },
    { from: 'monitor', ports: [POSTGRES_EXPORTER_PORT], service: 'postgres-exporter' },
  ]
}

function dockerRules({ firewall }: Cluster): FirewallRule[] {
  return [{ from: 'anyone', ports: firewall.publicPorts, service: 'web' }]
}
