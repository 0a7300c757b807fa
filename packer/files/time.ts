import type { Cluster } from '../../config/index.ts'
import type { RoleFile } from '../role-file.ts'

/** The distribution's own servers, where the definition names none. */
const POOLS: Record<Cluster['images']['base'], string> = {
  'debian-13': '2.debian.pool.ntp.org',
  'ubuntu-24.04': 'ntp.ubuntu.com',
}

/** chrony as a client alone: it serves nobody, and takes commands on its Unix socket only. */
export function timeFiles({ images }: Cluster): RoleFile[] {
  const { ntpServers } = images.firstBoot
  const sources =
    ntpServers.length === 0 ? [`pool ${POOLS[images.base]} iburst`] : ntpServers.map((server) => `server ${server} iburst`)
  const settings = ['driftfile /var/lib/chrony/chrony.drift', 'ntsdumpdir /var/lib/chrony', 'logdir /var/log/chrony']
  // A clock that is far off is set at once while the machine starts; later it is slowed or hurried, so that no time comes twice.
  const clock = ['makestep 1 3', 'rtcsync', 'maxupdateskew 100']
  const lines = [...sources, ...settings, ...clock, 'port 0', 'cmdport 0']
  return [{ path: '/etc/chrony/chrony.conf', content: `${lines.join('\n')}\n` }]
}
