import { byFamily, firewallName, purpose, type RenderFirewall } from './target.ts'

/** Bodies of `firewalls.insert`, to which the network is added. Machines are found by their tag. */
export const google: RenderFirewall = (cluster, { name, rules }) =>
  byFamily(cluster, rules).map(({ rule, networks }, index) => ({
    name: `${firewallName(cluster, name)}-${index + 1}`,
    description: purpose(rule),
    direction: 'INGRESS',
    sourceRanges: networks,
    targetTags: [firewallName(cluster, name)],
    allowed: [{ IPProtocol: 'tcp', ports: rule.ports.map(String) }],
  }))
