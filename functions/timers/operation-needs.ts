import type { Channel, Cluster, Store } from '../../config/cluster.ts'
import { channelSecrets, type NeededSecret, operationSecrets, storeSecrets } from '../../config/needed-secrets.ts'
import type { SecretRef } from '../../config/secret.ts'
import type { RunnableEntry, RunnableOperation } from './runnable.ts'

/** What one service must be given beyond the network. */
export interface Needs {
  secrets: readonly SecretRef[]
  /** Directories of file stores. */
  directories: readonly string[]
  /** Whether anything takes its credentials from the AWS chain: a shared file, or the machine's role. */
  awsChain: boolean
}

const nothing: Needs = { secrets: [], directories: [], awsChain: false }

/**
 * What the service of a line of the timetable needs: its own secrets and directories, those of the alert channels, and the
 * store that keeps the history of runs.
 */
export function entryNeeds(cluster: Cluster, entry: RunnableEntry): Needs {
  const history = namedStore(cluster, cluster.status.store)
  const own = operationSecrets(cluster, entry.operation, entry.databases)
  return together([secretNeeds(own), ...storesOf[entry.operation](cluster), history, ...alertNeeds(cluster)])
}

/** What sending an alert needs. */
export function alertUnitNeeds(cluster: Cluster): Needs {
  return together(alertNeeds(cluster))
}

type StoresOf = (cluster: Cluster) => Needs[]

const storesOf: Readonly<Record<RunnableOperation, StoresOf>> = {
  backup: (cluster) => [firstStore(cluster)],
  verify: (cluster) => [firstStore(cluster)],
  retention: (cluster) => allStores(cluster),
  copies: (cluster) => [firstStore(cluster), ...cluster.backup.copies.to.map((name) => namedStore(cluster, name))],
  // The first store keeps what earlier polls found.
  replication: (cluster) => [firstStore(cluster)],
  freshness: (cluster) => allStores(cluster),
  status: (cluster) => allStores(cluster),
  // Its record is filed there; what it breaks has stores of its own.
  rehearse: (cluster) => [namedStore(cluster, cluster.handover.drills.store)],
}

function firstStore({ backup }: Cluster): Needs {
  return storeNeeds(backup.stores[0])
}

function namedStore({ backup }: Cluster, name: string): Needs {
  return storeNeeds(backup.stores.find((store) => store.name === name))
}

function allStores({ backup }: Cluster): Needs[] {
  return backup.stores.map(storeNeeds)
}

function storeNeeds(store: Store | undefined): Needs {
  if (store === undefined) return nothing
  if (store.type === 'file') return { ...nothing, directories: [store.directory] }
  const secrets = storeSecrets(store)
  return secrets.length === 0 ? { ...nothing, awsChain: true } : secretNeeds(secrets)
}

/** The channels, and the store that keeps the state of alerts; nothing where there is nobody to tell. */
function alertNeeds(cluster: Cluster): Needs[] {
  const { channels, store } = cluster.alerts
  return channels.length === 0 ? [] : [namedStore(cluster, store), ...channels.map(channelNeeds)]
}

/** Through Amazon's own services the AWS chain has the credentials. */
function channelNeeds(channel: Channel, index: number): Needs {
  const isAmazons = channel.type === 'sns' || (channel.type === 'email' && channel.smtp === undefined)
  return together([secretNeeds(channelSecrets(channel, index)), ...(isAmazons ? [{ ...nothing, awsChain: true }] : [])])
}

/** A secret of AWS is fetched with the AWS chain's credentials. */
function secretNeeds(secrets: readonly NeededSecret[]): Needs {
  const refs = secrets.map(({ ref }) => ref)
  return { ...nothing, secrets: refs.filter((ref) => !('secret' in ref)), awsChain: refs.some((ref) => 'secret' in ref) }
}

function together(needs: readonly Needs[]): Needs {
  return {
    secrets: needs.flatMap(({ secrets }) => secrets),
    directories: [...new Set(needs.flatMap(({ directories }) => directories))].sort(),
    awsChain: needs.some(({ awsChain }) => awsChain),
  }
}
