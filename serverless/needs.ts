import type { Channel, Cluster, S3Store } from '../config/cluster.ts'
import type { SecretRef } from '../config/secret.ts'
import type { LambdaFunction, LambdaOperation } from './functions.ts'
import { s3Stores } from './reach.ts'

/**
 * What a function does in a store:
 * - `read`: list sets and read their files.
 * - `add`: store new files of sets, never over an old one.
 * - `write`: store files of sets, also over those that an interrupted copy left, and read them back.
 * - `prove`: add evidence beside a set.
 * - `prune`: delete files and abandoned uploads.
 * - `state`: read and replace what functions remember (leases, alerts, history, the status page).
 */
export type StoreAccess = 'read' | 'add' | 'write' | 'prove' | 'prune' | 'state'

/** A secret with the place in the definition that refers to it. */
export interface NeededSecret {
  path: string
  ref: SecretRef
}

/** What one function must be able to reach. */
export interface FunctionNeeds {
  stores: readonly { store: S3Store; access: readonly StoreAccess[] }[]
  secrets: readonly NeededSecret[]
  channels: readonly Channel[]
}

const readAndMore: Readonly<Record<LambdaOperation, { first: readonly StoreAccess[]; others: readonly StoreAccess[] }>> = {
  backup: { first: ['add'], others: [] },
  verify: { first: ['read', 'prove'], others: [] },
  retention: { first: ['read', 'prune'], others: ['read', 'prune'] },
  copies: { first: ['read'], others: ['write'] },
  replication: { first: [], others: [] },
  freshness: { first: ['read'], others: ['read'] },
  status: { first: ['read'], others: ['read'] },
}

/** Everything that a function of the cluster needs: of stores, secrets and channels. */
export function functionNeeds(cluster: Cluster, { operation, entries }: LambdaFunction): FunctionNeeds {
  const stores = storeNeeds(cluster, operation)
  return {
    stores,
    secrets: [
      ...operationSecrets(cluster, operation, new Set(entries.flatMap(({ databases }) => databases ?? []))),
      ...stores.flatMap(({ store }) => storeSecrets(store)),
      ...cluster.alerts.channels.flatMap(channelSecrets),
    ],
    channels: cluster.alerts.channels,
  }
}

function storeNeeds(cluster: Cluster, operation: LambdaOperation): FunctionNeeds['stores'] {
  const [first] = s3Stores(cluster)
  const { alerts, status } = cluster
  return s3Stores(cluster).flatMap((store) => {
    const access = [...readAndMore[operation][store === first ? 'first' : 'others']]
    // Leases and decisions, the state of alerts, and the history that the status is made from.
    const remembers = store === first || store.name === alerts.store || store.name === status.store
    if (remembers) access.push('state')
    return access.length === 0 ? [] : [{ store, access }]
  })
}

function operationSecrets(cluster: Cluster, operation: LambdaOperation, databases: ReadonlySet<string>): NeededSecret[] {
  const { accounts, backup, freshness } = cluster
  const monitor = needed('accounts.monitor.password', accounts.monitor.password)
  const heartbeat = needed('freshness.heartbeat.url', freshness.heartbeat?.url)
  switch (operation) {
    case 'backup':
      return [...connectionSecrets(cluster, databases), ...heartbeat]
    case 'verify':
      return [
        ...needed('backup.verify.into', backup.verify.into),
        ...needed('backup.verify.ageIdentity', backup.verify.ageIdentity),
        ...heartbeat,
      ]
    case 'freshness':
      return heartbeat
    case 'replication':
      return monitor
    case 'retention':
    case 'copies':
    case 'status':
      return []
  }
}

function connectionSecrets(cluster: Cluster, names: ReadonlySet<string>): NeededSecret[] {
  return cluster.databases.flatMap(({ name, connection }, index) => {
    if (!names.has(name)) return []
    const [field, ref] = connection.type === 'url' ? ['url', connection.url] : ['password', connection.password]
    return needed(`databases[${index}].connection.${field}`, ref)
  })
}

function storeSecrets({ name, credentials }: S3Store): NeededSecret[] {
  const path = `backup.stores['${name}'].credentials`
  const { accessKeyId, secretAccessKey } = credentials
  return [...needed(`${path}.accessKeyId`, accessKeyId), ...needed(`${path}.secretAccessKey`, secretAccessKey)]
}

function channelSecrets(channel: Channel, index: number): NeededSecret[] {
  const path = `alerts.channels[${index}]`
  switch (channel.type) {
    case 'slack':
      return needed(`${path}.webhook`, channel.webhook)
    case 'pagerduty':
      return needed(`${path}.routingKey`, channel.routingKey)
    case 'webhook':
      return needed(`${path}.signingKey`, channel.signingKey)
    case 'email':
      return needed(`${path}.smtp.password`, channel.smtp?.password)
    case 'sns':
      return []
  }
}

function needed(path: string, ref: SecretRef | string | undefined): NeededSecret[] {
  return ref === undefined || typeof ref === 'string' ? [] : [{ path, ref }]
}
