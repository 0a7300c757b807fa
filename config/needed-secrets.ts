import type { Channel, Cluster, S3Store } from './cluster.ts'
import type { SecretRef } from './secret.ts'
import type { ScheduledOperation } from './timetable.ts'

/** A secret with the place in the definition that refers to it. */
export interface NeededSecret {
  path: string
  ref: SecretRef
}

/**
 * The secrets that an operation looks up for its own work; those of the stores and alert channels that it uses are beside.
 *
 * @param databases that it connects to, by name; backups alone do.
 */
export function operationSecrets(
  cluster: Cluster,
  operation: ScheduledOperation,
  databases: readonly string[] = [],
): NeededSecret[] {
  const { accounts, backup, freshness } = cluster
  // Verification tells of success, and backups of failure.
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
    case 'replication':
      return needed('accounts.monitor.password', accounts.monitor.password)
    case 'retention':
    case 'copies':
    case 'freshness':
    case 'status':
    case 'rehearse':
    case 'pitr':
      return []
  }
}

function connectionSecrets(cluster: Cluster, names: readonly string[]): NeededSecret[] {
  return cluster.databases.flatMap(({ name, connection }, index) => {
    if (!names.includes(name)) return []
    const [field, ref] = connection.type === 'url' ? ['url', connection.url] : ['password', connection.password]
    return needed(`databases[${index}].connection.${field}`, ref)
  })
}

/** The keys of a store; none where the AWS chain has them. */
export function storeSecrets({ name, credentials }: S3Store): NeededSecret[] {
  const path = `backup.stores['${name}'].credentials`
  const { accessKeyId, secretAccessKey } = credentials
  return [...needed(`${path}.accessKeyId`, accessKeyId), ...needed(`${path}.secretAccessKey`, secretAccessKey)]
}

/** What a message through an alert channel takes. */
export function channelSecrets(channel: Channel, index: number): NeededSecret[] {
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

/** A plain text is no secret. */
function needed(path: string, ref: SecretRef | string | undefined): NeededSecret[] {
  return ref === undefined || typeof ref === 'string' ? [] : [{ path, ref }]
}
