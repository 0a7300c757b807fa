import { administrator } from '../../config/administrator.ts'
import type { Cluster } from '../../config/index.ts'
import type { RoleFile } from '../role-file.ts'

/** Where the SSH server listens, and the definition's own public keys: they hold beside those that a cloud or a seed hands over. */
export function sshFiles({ firewall, images }: Cluster): RoleFile[] {
  const keys = images.firstBoot.adminKeys
  const port: RoleFile = { path: '/etc/ssh/sshd_config.d/05-ballast-port.conf', content: `Port ${firewall.sshPort}\n` }
  if (keys.length === 0) return [port]
  return [
    port,
    {
      path: '/etc/ssh/sshd_config.d/06-ballast-keys.conf',
      content: 'AuthorizedKeysFile .ssh/authorized_keys /etc/ssh/authorized_keys.d/%u\n',
    },
    { path: `/etc/ssh/authorized_keys.d/${administrator}`, content: `${keys.join('\n')}\n` },
  ]
}
