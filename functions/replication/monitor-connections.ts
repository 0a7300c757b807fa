import type { Cluster } from '../../config/cluster.ts'
import { monitoredNodes } from '../../config/monitoring.ts'
import { definedConnection } from '../runtime/definition/defined-connection.ts'
import type { NodeConnection } from './gather.ts'

/**
 * How the monitor reaches the server, or PgBouncer's console, of every node, with its password looked up.
 *
 * @throws Failure of kind `config` when the password is not where the definition says.
 */
export function monitorConnections(
  definition: Cluster,
  part: 'server' | 'pooler',
  env: NodeJS.ProcessEnv,
): Promise<NodeConnection[]> {
  return Promise.all(
    monitoredNodes(definition).map(async ({ name, [part]: direct }) => {
      return { node: name, settings: await definedConnection(direct, direct.database, env) }
    }),
  )
}
