import type { Cidr, Cluster } from '../../config/index.ts'
import { type FirewallRule, networksOf } from '../firewall-rules.ts'
import type { Json } from '../json.ts'
import type { ImageRole } from '../roles.ts'

/** What a cloud's firewall protects: the machines of a role, or those that bake. */
export interface FirewallTarget {
  name: ImageRole | 'bake'
  rules: readonly FirewallRule[]
}

/** The body that a cloud's API or tool takes for one target. */
export type RenderFirewall = (cluster: Cluster, target: FirewallTarget) => Json

/** Name of the firewall, and tag of the machines behind it. */
export function firewallName({ name }: Cluster, target: FirewallTarget['name']): string {
  return `ballast-${name}-${target}`
}

/** A rule for networks of one address family, as most clouds want it. */
export interface FamilyRule {
  rule: FirewallRule
  family: Cidr['family']
  networks: readonly string[]
}

export function byFamily(cluster: Cluster, rules: readonly FirewallRule[]): FamilyRule[] {
  return rules.flatMap((rule) =>
    (['ipv4', 'ipv6'] as const).flatMap((family) => {
      const networks = networksOf(rule.from, cluster).filter((network) => network.family === family)
      return networks.length === 0 ? [] : [{ rule, family, networks: networks.map(({ text }) => text) }]
    }),
  )
}

/** What a rule is for, in letters that every cloud takes in a description. */
export function purpose({ service, from }: FirewallRule): string {
  return `${service} from ${from}`
}
