import type { Cluster } from '../../config/index.ts'
import { type FirewallRule, firewallRules } from '../firewall-rules.ts'
import type { Json } from '../json.ts'
import { IMAGE_ROLES } from '../roles.ts'
import { amazon } from './amazon.ts'
import { azure } from './azure.ts'
import { digitalocean } from './digitalocean.ts'
import { google } from './google.ts'
import { hetzner } from './hetzner.ts'
import type { FirewallTarget, RenderFirewall } from './target.ts'

/** A cloud, and whether its machines that bake need a firewall of ours, because Packer makes none. */
interface Cloud {
  name: string
  render: RenderFirewall
  bakes: boolean
}

const CLOUDS: readonly Cloud[] = [
  { name: 'amazon', render: amazon, bakes: false },
  { name: 'azure', render: azure, bakes: false },
  { name: 'digitalocean', render: digitalocean, bakes: true },
  { name: 'google', render: google, bakes: true },
  { name: 'hetzner', render: hetzner, bakes: true },
]

/** Base images listen for SSH there, whatever port the definition wants later. */
const BASE_SSH: FirewallRule = { from: 'admin', ports: [22], service: 'ssh' }

/** The firewalls of every cloud, from the same rules as the machines' own: `<cloud>/<role>.json`. */
export function cloudFirewalls(cluster: Cluster): readonly { path: string; body: Json }[] {
  const roles = IMAGE_ROLES.map((role): FirewallTarget => ({ name: role, rules: firewallRules(cluster, role) }))
  return CLOUDS.flatMap(({ name, render, bakes }) => {
    const targets: readonly FirewallTarget[] = bakes ? [...roles, { name: 'bake', rules: [BASE_SSH] }] : roles
    return targets.map((target) => ({ path: `${name}/${target.name}.json`, body: render(cluster, target) }))
  })
}
