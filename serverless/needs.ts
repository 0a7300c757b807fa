import type { Channel, Cluster, S3Store } from '../config/cluster.ts'
import { channelSecrets, type NeededSecret, operationSecrets, storeSecrets } from '../config/needed-secrets.ts'
import { rehearsalPlans } from '../config/rehearsals.ts'
import { type ScheduledOperation, timetable } from '../config/timetable.ts'
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
 * - `file`: add records of what people rehearse.
 */
export type StoreAccess = 'read' | 'add' | 'write' | 'prove' | 'prune' | 'state' | 'file'

/** What one function must be able to reach. */
export interface FunctionNeeds {
  stores: readonly { store: S3Store; access: readonly StoreAccess[] }[]
  secrets: readonly NeededSecret[]
  channels: readonly Channel[]
}

const readAndMore: Readonly<Record<LambdaOperation, { first: readonly StoreAccess[]; others: readonly StoreAccess[] }>> = {
  backup: { first: ['add'], others: [] },
  'fan-out': { first: ['add'], others: [] },
  verify: { first: ['read', 'prove'], others: [] },
  'fan-restore': { first: ['read', 'prove'], others: [] },
  retention: { first: ['read', 'prune'], others: ['read', 'prune'] },
  copies: { first: ['read'], others: ['write'] },
  replication: { first: [], others: [] },
  freshness: { first: ['read'], others: ['read'] },
  status: { first: ['read'], others: ['read'] },
}

/** Everything that a function of the cluster needs: of stores, secrets and channels. */
export function functionNeeds(cluster: Cluster, { operation }: LambdaFunction): FunctionNeeds {
  const stores = storeNeeds(cluster, operation)
  // A step looks up what the whole does.
  const wholes: Partial<Record<LambdaOperation, ScheduledOperation>> = { 'fan-out': 'backup', 'fan-restore': 'verify' }
  const whole = wholes[operation] ?? (operation as ScheduledOperation)
  return {
    stores,
    secrets: [
      ...operationSecrets(
        cluster,
        whole,
        timetable(cluster).flatMap((entry) => (entry.operation === whole ? (entry.databases ?? []) : [])),
      ),
      ...stores.flatMap(({ store }) => storeSecrets(store)),
      ...cluster.alerts.channels.flatMap(channelSecrets),
    ],
    channels: cluster.alerts.channels,
  }
}

function storeNeeds(cluster: Cluster, operation: LambdaOperation): FunctionNeeds['stores'] {
  const [first] = s3Stores(cluster)
  const { alerts, status, handover } = cluster
  return s3Stores(cluster).flatMap((store) => {
    const access = [...readAndMore[operation][store === first ? 'first' : 'others']]
    // Leases and decisions, the state of alerts, and the history that the status is made from.
    const remembers = store === first || store.name === alerts.store || store.name === status.store
    if (remembers) access.push('state')
    // Freshness notes there since when a rehearsal is asked for.
    else if (operation === 'freshness' && store.name === handover.drills.store && rehearsalPlans(cluster).length > 0)
      access.push('file')
    return access.length === 0 ? [] : [{ store, access }]
  })
}
