import { networksOf } from '../firewall-rules.ts'
import { firewallName, type RenderFirewall } from './target.ts'

const EVERYWHERE = { addresses: ['0.0.0.0/0', '::/0'] }

/** The body of a new firewall. Droplets are found by their tag; without rules for it nothing could go out. */
export const digitalocean: RenderFirewall = (cluster, { name, rules }) => ({
  name: firewallName(cluster, name),
  tags: [firewallName(cluster, name)],
  inbound_rules: rules.flatMap((rule) =>
    rule.ports.map((port) => ({
      protocol: 'tcp',
      ports: String(port),
      sources: { addresses: networksOf(rule.from, cluster).map(({ text }) => text) },
    })),
  ),
  outbound_rules: [
    { protocol: 'tcp', ports: 'all', destinations: EVERYWHERE },
    { protocol: 'udp', ports: 'all', destinations: EVERYWHERE },
    { protocol: 'icmp', destinations: EVERYWHERE },
  ],
})
