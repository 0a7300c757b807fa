import { networksOf } from '../firewall-rules.ts'
import { purpose, type RenderFirewall } from './target.ts'

/** The file that `hcloud firewall create --rules-file` takes. Outgoing traffic is free. */
export const hetzner: RenderFirewall = (cluster, { rules }) =>
  rules.flatMap((rule) =>
    rule.ports.map((port) => ({
      description: purpose(rule),
      direction: 'in',
      protocol: 'tcp',
      port: String(port),
      source_ips: networksOf(rule.from, cluster).map(({ text }) => text),
      destination_ips: [],
    })),
  )
