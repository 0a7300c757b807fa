import type { Channel, Cluster, Store } from '../../config/cluster.ts'
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
  return together([...operationNeeds[entry.operation](cluster, entry), history, ...alertNeeds(cluster)])
}

/** What sending an alert needs. */
export function alertUnitNeeds(cluster: Cluster): Needs {
  return together(alertNeeds(cluster))
}

type NeedsOf = (cluster: Cluster, entry: RunnableEntry) => Needs[]

const operationNeeds: Readonly<Record<RunnableOperation, NeedsOf>> = {
  backup: (cluster, { databases }) => [...connectionNeeds(cluster, databases ?? []), firstStore(cluster), heartbeat(cluster)],
  verify: (cluster) => [
    firstStore(cluster),
    secretNeeds(cluster.backup.verify.into),
    secretNeeds(cluster.backup.verify.ageIdentity),
    heartbeat(cluster),
  ],
  retention: (cluster) => allStores(cluster),
  copies: (cluster) => [firstStore(cluster), ...cluster.backup.copies.to.map((name) => namedStore(cluster, name))],
  // The first store keeps what earlier polls found.
  replication: (cluster) => [firstStore(cluster), secretNeeds(cluster.accounts.monitor.password)],
  freshness: (cluster) => allStores(cluster),
  status: (cluster) => allStores(cluster),
}

/** Passwords and URLs of the databases that are backed up. */
function connectionNeeds({ databases }: Cluster, names: readonly string[]): Needs[] {
  return databases
    .filter(({ name }) => names.includes(name))
    .map(({ connection }) => secretNeeds(connection.type === 'url' ? connection.url : connection.password))
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
  const { accessKeyId, secretAccessKey } = store.credentials
  if (accessKeyId === undefined || secretAccessKey === undefined) return { ...nothing, awsChain: true }
  return together([secretNeeds(accessKeyId), secretNeeds(secretAccessKey)])
}

function heartbeat({ freshness }: Cluster): Needs {
  return secretNeeds(freshness.heartbeat?.url)
}

/** The channels, and the store that keeps the state of alerts; nothing where there is nobody to tell. */
function alertNeeds(cluster: Cluster): Needs[] {
  const { channels, store } = cluster.alerts
  return channels.length === 0 ? [] : [namedStore(cluster, store), ...channels.map(channelNeeds)]
}

function channelNeeds(channel: Channel): Needs {
  switch (channel.type) {
    case 'slack':
      return secretNeeds(channel.webhook)
    case 'pagerduty':
      return secretNeeds(channel.routingKey)
    case 'webhook':
      return secretNeeds(channel.signingKey)
    case 'email':
      return channel.smtp === undefined ? { ...nothing, awsChain: true } : secretNeeds(channel.smtp.password)
    case 'sns':
      return { ...nothing, awsChain: true }
  }
}

/** A plain text is no secret; a secret of AWS is fetched with the AWS chain's credentials. */
function secretNeeds(ref: SecretRef | string | undefined): Needs {
  if (ref === undefined || typeof ref === 'string') return nothing
  return 'secret' in ref ? { ...nothing, awsChain: true } : { ...nothing, secrets: [ref] }
}

function together(needs: readonly Needs[]): Needs {
  return {
    secrets: needs.flatMap(({ secrets }) => secrets),
    directories: [...new Set(needs.flatMap(({ directories }) => directories))].sort(),
    awsChain: needs.some(({ awsChain }) => awsChain),
  }
}
