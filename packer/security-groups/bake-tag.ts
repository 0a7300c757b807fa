import type { Cluster } from '../../config/index.ts'
import { firewallName } from './target.ts'

/** The tag, or the firewall's name, of machines that bake where Packer makes no firewall of its own. */
export function bakeTag(cluster: Cluster): string {
  return firewallName(cluster, 'bake')
}
