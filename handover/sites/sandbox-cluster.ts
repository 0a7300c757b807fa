import type { Cluster, Database, S3Store } from '../../config/cluster.ts'
import { env } from '../../config/secret.ts'
import { roles, type SandboxData } from '../../sandbox/data.ts'
import type { PoolerLimits } from '../../sandbox/pgbouncer.ts'

/** Replicas of a definition that a sandbox has: one to promote, and one that must then follow it. */
const mostReplicas = 2

/** The database nodes of a definition that its sandbox has, the primary first. */
export function sandboxNodes({ nodes }: Pick<Cluster, 'nodes'>): Cluster['nodes'] {
  const replicas = nodes.filter(({ role }) => role === 'replica').slice(0, mostReplicas)
  return [...nodes.filter(({ role }) => role === 'primary'), ...replicas]
}

/** The limits of PgBouncer by a definition, as the images have them; one more connection looks logins up. */
export function poolerLimits({ databases, pgbouncer }: Pick<Cluster, 'databases' | 'pgbouncer'>): PoolerLimits {
  return {
    databases: databases.map(({ name, pool: { size, reserve, users } }) => {
      return { name, size, reserve, most: (size + reserve) * users + 1 }
    }),
    maxClients: pgbouncer.maxClients,
    reserveAfterSeconds: pgbouncer.reserveAfterSeconds,
    queryWaitSeconds: pgbouncer.queryWaitSeconds,
  }
}

/** The secrets of a sandbox, as {@link sandboxEnvironment} has them. */
const secrets = {
  backup: 'BALLAST_SANDBOX_BACKUP',
  monitor: 'BALLAST_SANDBOX_MONITOR',
  replication: 'BALLAST_SANDBOX_REPLICATION',
  accessKey: 'BALLAST_SANDBOX_ACCESS_KEY',
  secretKey: 'BALLAST_SANDBOX_SECRET_KEY',
}

/** What the stores and secrets of {@link sandboxCluster} are looked up in. */
export function sandboxEnvironment({ passwords, s3 }: SandboxData, around: NodeJS.ProcessEnv): NodeJS.ProcessEnv {
  return {
    ...around,
    [secrets.backup]: passwords[roles.backup],
    [secrets.monitor]: passwords[roles.monitor],
    [secrets.replication]: passwords[roles.replication],
    [secrets.accessKey]: s3?.accessKey,
    [secrets.secretKey]: s3?.secretKey,
  }
}

/**
 * A definition with a sandbox in the place of its machines, stores and logins. Its databases, limits and goals stay. Nobody is
 * told of what happens there; and there is no archive of WAL.
 */
export function sandboxCluster(definition: Cluster, data: SandboxData): Cluster {
  const { backup, accounts, databases } = definition
  return {
    ...definition,
    nodes: sandboxNodes(definition),
    databases: databases.map((database) => ({ ...database, connection: backupConnection(database, definition, data) })),
    postgres: {
      ...definition.postgres,
      tls: { mode: 'disable', rootCertificate: undefined, certificate: undefined, key: undefined },
    },
    accounts: {
      backup: { ...accounts.backup, user: roles.backup, password: env(secrets.backup) },
      monitor: { ...accounts.monitor, user: roles.monitor, password: env(secrets.monitor) },
      replication: { ...accounts.replication, user: roles.replication, password: env(secrets.replication) },
    },
    backup: { ...backup, pitr: undefined, stores: backup.stores.map(({ name }) => sandboxStore(name, data)) },
    alerts: { ...definition.alerts, channels: [], critical: [], warning: [] },
    freshness: { ...definition.freshness, heartbeat: undefined },
  }
}

function backupConnection(
  { name }: Database,
  { backup }: Cluster,
  { primary, standby, furtherStandbys = [] }: SandboxData,
): Database['connection'] {
  const source = standby !== undefined && backup.source === 'standby' ? 'standby' : 'primary'
  const servers = source === 'standby' && standby !== undefined ? [standby, ...furtherStandbys] : [primary]
  return {
    ...{ type: 'parts', database: name, user: roles.backup, password: env(secrets.backup) },
    hosts: servers.map(({ port }) => ({ host: '127.0.0.1', port })),
    ...{ sslmode: 'disable', sslrootcert: undefined, targetSessionAttrs: source },
  }
}

/** Each store of a definition is a prefix in the sandbox's bucket. */
function sandboxStore(name: string, { s3 }: SandboxData): S3Store {
  return {
    ...{ type: 's3', name, bucket: s3?.bucket ?? '', prefix: name, region: s3?.region ?? '', endpoint: s3?.endpoint },
    ...{ provider: 'versitygw', storageClass: 'STANDARD', transitions: [], ageRecipients: [] },
    credentials: { profile: undefined, accessKeyId: env(secrets.accessKey), secretAccessKey: env(secrets.secretKey) },
    ...{ encryption: undefined, objectLock: undefined, replicateTo: undefined },
  }
}
