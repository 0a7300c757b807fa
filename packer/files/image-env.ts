import type { Cluster } from '../../config/index.ts'
import type { RenderFiles } from '../role-file.ts'
import { type ImageRole, isDatabase } from '../roles.ts'

/** PostgreSQL's MB. */
const MB = 1024 * 1024

/** What the scripts in the image know of the definition: /etc/ballast/image.env, which a shell reads. */
export const imageEnvFile: RenderFiles = (cluster, role) => {
  const own = isDatabase(role) ? databaseSettings(cluster) : { KEEP_RELEASES: cluster.docker.keepReleases }
  const settings = { ...commonSettings(cluster, role), ...own }
  const content = Object.entries(settings).map(([name, value]) => `${name}=${quoted(String(value))}\n`)
  return [{ path: '/etc/ballast/image.env', content: content.join('') }]
}

type Settings = Readonly<Record<string, string | number>>

function commonSettings({ name, firewall }: Cluster, role: ImageRole): Settings {
  return { BALLAST_CLUSTER: name, BALLAST_ROLE: role, SSH_PORT: firewall.sshPort }
}

function databaseSettings({ postgres, pgbouncer, accounts, backup, nodes }: Cluster): Settings {
  return {
    PG_VERSION: postgres.version,
    PG_PORT: postgres.port,
    PGBOUNCER_PORT: pgbouncer.port,
    PGBOUNCER_VERSION: pgbouncer.version,
    MAX_CONNECTIONS: postgres.maxConnections,
    WORKLOAD: postgres.workload,
    MAX_SLOT_WAL_MB: Math.floor(postgres.maxSlotWalBytes / MB),
    WAL_KEEP_MB: Math.floor(postgres.walKeepBytes / MB),
    SYNC_MODE: postgres.synchronous.mode,
    SYNC_STANDBYS: postgres.synchronous.standbys,
    REPLICATION_USER: accounts.replication.user,
    PITR: backup.pitr === undefined ? 'off' : 'on',
    PRIMARY_ADDRESS: nodes.find(({ role }) => role === 'primary')?.address ?? '',
  }
}

/** A shell's single quotes end only at the next one. */
function quoted(text: string): string {
  return `'${text.replaceAll("'", "'\\''")}'`
}
