import type { Cluster } from '../../../config/cluster.ts'
import { type MonitoredNode, monitoredNodes } from '../../../config/monitoring.ts'
import type { ConnectionSettings } from '../../platform/postgres/settings.ts'

/** The replica that fanned-out runs pause and read from, where the definition names one. */
export function pausedReplica(cluster: Cluster): MonitoredNode | undefined {
  return monitoredNodes(cluster).find(({ name }) => name === cluster.backup.fanOut.pauseReplica)
}

/** The primary, as the definition has it. */
export function primaryNode(cluster: Cluster): MonitoredNode {
  const primary = monitoredNodes(cluster).find(({ role }) => role === 'primary')
  if (primary === undefined) throw new RangeError('a definition without a primary has passed the check')
  return primary
}

/** A database's connection as a fanned-out run uses it: straight to the replica that is paused for it, where there is one. */
export function sourceConnection(cluster: Cluster, connection: ConnectionSettings): ConnectionSettings {
  const replica = pausedReplica(cluster)
  return replica === undefined ? connection : connectionTo(replica, connection)
}

/** The same role's connection to one node of the definition, whatever the server is now. */
export function connectionTo({ server: { hosts } }: MonitoredNode, connection: ConnectionSettings): ConnectionSettings {
  const { hostPasswords, password = hostPasswords?.find((one) => one !== undefined), ...settings } = connection
  return { ...settings, hosts, targetSessionAttrs: 'any', ...(password === undefined ? {} : { password }) }
}

/** The same role's connection to the database of a node where what concerns the server as a whole is asked, and granted. */
export function serverConnection(node: MonitoredNode, connection: ConnectionSettings): ConnectionSettings {
  return { ...connectionTo(node, connection), database: node.server.database }
}
