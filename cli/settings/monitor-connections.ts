import type { Cluster } from '../../config/cluster.ts'
import type { DirectConnection } from '../../config/derive.ts'
import { monitoredNodes } from '../../config/monitoring.ts'
import type { NodeConnection } from '../../functions/replication/gather.ts'
import { configFailure } from './config-failure.ts'
import { connectionSettings } from './connection-settings.ts'

/** How the monitor reaches the server, or PgBouncer's console, of every node, with its password looked up. */
export function monitorConnections(
  definition: Cluster,
  part: 'server' | 'pooler',
  env: NodeJS.ProcessEnv,
): Promise<NodeConnection[]> {
  const settingsOf = (direct: DirectConnection) => connectionSettings({ connection: { type: 'defined', direct } }, env)
  return Promise.all(
    monitoredNodes(definition).map(async (node) => ({ node: node.name, settings: await settingsOf(node[part]) })),
  )
}

/** @throws Failure of kind `config` where there is no definition: what is missing can only be seen by what should be there. */
export function requireDefinition(definition: Cluster | undefined): Cluster {
  if (definition !== undefined) return definition
  throw configFailure(
    'there is no definition of the cluster, and without one nobody knows which standbys, slots and pools should be there',
    '--config',
    'Name one with --config, or copy ballast.config.ts and write down your nodes.',
  )
}
