import { olderThan, PREPARED_STATEMENTS_SINCE, poolerVersion } from './pooler-versions.ts'
import type { ParsedCluster } from './schema/cluster.ts'
import type { SecretRef } from './secret.ts'
import { slotOf } from './slot.ts'

type ParsedDatabase = ParsedCluster['databases'][number]
type ParsedNode = ParsedCluster['nodes'][number]
type ParsedStore = ParsedCluster['backup']['stores'][number]

/** How a server is reached directly: one URL, or parts that libpq would know. A backup never goes through a pooler. */
export type DirectConnection =
  | { type: 'url'; url: string | SecretRef }
  | {
      type: 'parts'
      /** Tried in order; never empty. */
      hosts: { host: string; port: number }[]
      database: string
      user: string
      password: SecretRef | undefined
      sslmode: ParsedCluster['postgres']['tls']['mode']
      sslrootcert: string | undefined
      targetSessionAttrs: 'any' | 'primary' | 'standby'
    }

function directConnection(cluster: ParsedCluster, { name, connection }: ParsedDatabase): DirectConnection {
  if (connection.url !== undefined) return { type: 'url', url: connection.url }
  const { nodes, postgres, accounts, backup } = cluster
  const port = connection.port ?? postgres.port
  const role = backup.source === 'standby' ? 'replica' : 'primary'
  const own = nodes.filter((node) => node.role === role).map((node) => ({ host: node.hostName ?? node.address, port }))
  return {
    type: 'parts',
    hosts: connection.host === undefined ? own : [{ host: connection.host, port }],
    database: name,
    user: connection.user ?? accounts.backup.user,
    password: connection.password ?? accounts.backup.password,
    sslmode: connection.sslmode ?? postgres.tls.mode,
    sslrootcert: connection.sslrootcert ?? postgres.tls.rootCertificate,
    targetSessionAttrs: connection.host !== undefined ? 'any' : backup.source,
  }
}

function withSlot(node: ParsedNode) {
  return { ...node, slot: slotOf(node) }
}

function withRegion(store: ParsedStore, region: string) {
  return store.type === 's3' ? { ...store, region: store.region ?? region } : store
}

/** Fills in what follows from the rest of a definition without problems; everything else is as written. */
export function derive(cluster: ParsedCluster) {
  const { backup, pgbouncer, alerts } = cluster
  const [first] = backup.stores
  if (first === undefined) throw new Error('a definition without a store has passed the check')
  const copies = backup.copies.to ?? backup.stores.slice(1).map(({ name }) => name)
  const version = poolerVersion(cluster)
  const channels = alerts.channels.map(({ name }) => name)
  return {
    ...cluster,
    allowedRegions: cluster.allowedRegions ?? [cluster.region],
    pgbouncer: {
      ...pgbouncer,
      version,
      preparedStatements: pgbouncer.preparedStatements ?? (olderThan(version, PREPARED_STATEMENTS_SINCE) ? 0 : 200),
    },
    nodes: cluster.nodes.map(withSlot),
    databases: cluster.databases.map((database) => ({ ...database, connection: directConnection(cluster, database) })),
    backup: {
      ...backup,
      stores: backup.stores.map((store) => withRegion(store, cluster.region)),
      copies: { ...backup.copies, to: copies },
    },
    freshness: { ...cluster.freshness, minCopies: cluster.freshness.minCopies ?? 1 + copies.length },
    status: { ...cluster.status, store: cluster.status.store ?? first.name },
    alerts: {
      ...alerts,
      critical: alerts.critical ?? channels,
      warning: alerts.warning ?? channels,
      store: alerts.store ?? first.name,
    },
    handover: {
      ...cluster.handover,
      drills: { ...cluster.handover.drills, store: cluster.handover.drills.store ?? first.name },
    },
  }
}
