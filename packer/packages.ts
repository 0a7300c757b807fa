import type { Cluster } from '../config/index.ts'
import { type ImageRole, isDatabase } from './roles.ts'

type Base = Cluster['images']['base']

const COMMON: readonly string[] = [
  // Docker does not start containers where the kernel has AppArmor and the machine does not.
  'apparmor',
  'ca-certificates',
  'chrony',
  'curl',
  'debsums',
  'libpam-pwquality',
  'needrestart',
  'nftables',
  'openssh-server',
  'prometheus-node-exporter',
  'sudo',
  'tzdata',
  'unattended-upgrades',
]

const DATABASE: readonly string[] = ['openssl', 'pgbackrest', 'pgbouncer', 'prometheus-postgres-exporter']

const DOCKER_OF_DISTRIBUTION: Readonly<Record<Base, readonly string[]>> = {
  'debian-13': ['docker-cli', 'docker-compose', 'docker.io'],
  'ubuntu-24.04': ['docker-compose-v2', 'docker.io'],
}

/** The fingerprint of a fetched key is compared by gpg. */
const DOCKER_OF_VENDOR: readonly string[] = ['containerd.io', 'docker-ce', 'docker-ce-cli', 'docker-compose-plugin', 'gpg']

/** Extensions that are in a package of their own, with the end of its name; the others come with the server. */
const EXTENSION_PACKAGES: Readonly<Record<string, string>> = {
  hypopg: 'hypopg',
  pg_cron: 'cron',
  pg_partman: 'partman',
  pg_repack: 'repack',
  pgaudit: 'pgaudit',
  postgis: 'postgis-3',
  vector: 'pgvector',
}

/** Debian packages that a role's image has beyond a bootable system, sorted by name. */
export function rolePackages(cluster: Cluster, role: ImageRole): readonly string[] {
  const { locale } = cluster.images.firstBoot
  const own = isDatabase(role) ? databasePackages(cluster) : dockerPackages(cluster)
  return [...COMMON, ...(locale === 'C.UTF-8' ? [] : ['locales']), ...own].toSorted()
}

function databasePackages({ postgres, databases }: Cluster): readonly string[] {
  const server = `postgresql-${postgres.version}`
  const extensions = databases.flatMap((database) =>
    database.extensions.flatMap((name) => (Object.hasOwn(EXTENSION_PACKAGES, name) ? [EXTENSION_PACKAGES[name]] : [])),
  )
  return [server, ...new Set(extensions.map((end) => `${server}-${end}`)), ...DATABASE]
}

function dockerPackages({ docker, images }: Cluster): readonly string[] {
  return docker.packages === 'docker' ? DOCKER_OF_VENDOR : DOCKER_OF_DISTRIBUTION[images.base]
}
