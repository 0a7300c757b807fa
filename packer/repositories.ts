import type { Cluster } from '../config/index.ts'
import { type ImageRole, isDatabase } from './roles.ts'

/** A vendor's own repository of Debian packages. */
export interface Repository {
  name: 'pgdg' | 'docker'
  uri: string
  suite: string
  component: string
  /** File with the only key that its lists may be signed with. */
  keyring: string
  /** Where that key is fetched from, and its fingerprint; a key that comes in a package of the distribution is not fetched. */
  fetched?: { url: string; fingerprint: string }
}

const CODE_NAMES = { 'debian-13': 'trixie', 'ubuntu-24.04': 'noble' } as const
const SYSTEMS = { 'debian-13': 'debian', 'ubuntu-24.04': 'ubuntu' } as const

/** The vendors' repositories that a role's packages come from, beside the distribution's. */
export function repositories(cluster: Cluster, role: ImageRole): readonly Repository[] {
  const { images, postgres, docker } = cluster
  if (isDatabase(role)) return postgres.packages === 'pgdg' ? [pgdg(images.base)] : []
  return docker.packages === 'docker' ? [dockerRepository(images.base)] : []
}

/** The PostgreSQL project's. Its key comes with the distribution's own package postgresql-common. */
function pgdg(base: Cluster['images']['base']): Repository {
  return {
    name: 'pgdg',
    uri: 'https://apt.postgresql.org/pub/repos/apt',
    suite: `${CODE_NAMES[base]}-pgdg`,
    component: 'main',
    keyring: '/usr/share/postgresql-common/pgdg/apt.postgresql.org.asc',
  }
}

function dockerRepository(base: Cluster['images']['base']): Repository {
  const uri = `https://download.docker.com/linux/${SYSTEMS[base]}`
  return {
    name: 'docker',
    uri,
    suite: CODE_NAMES[base],
    component: 'stable',
    keyring: '/etc/apt/keyrings/docker.asc',
    fetched: { url: `${uri}/gpg`, fingerprint: '9DC858229FC7DD38854AE2D88D81803C0EBFCD88' },
  }
}
