import type { Cluster } from '../../config/cluster.ts'
import type { DirectConnection } from '../../config/derive.ts'
import { monitoredNodes } from '../../config/monitoring.ts'
import { resolveConnection } from '../../functions/platform/postgres/connection.ts'
import type { ConnectionSettings } from '../../functions/platform/postgres/settings.ts'
import { connectionPairs, definedConnection } from '../../functions/runtime/definition/defined-connection.ts'
import type { SandboxConnections } from '../../sandbox/connections.ts'
import { roles } from '../../sandbox/data.ts'

type ConnectionParts = Extract<DirectConnection, { type: 'parts' }>

/** How load tests reach a cluster's database. */
export interface LoadSite {
  /** Straight to the primary, as a role that may make a schema in the database. */
  direct: ConnectionSettings
  /** The same database and role through PgBouncer. */
  pooler: ConnectionSettings
  /** As the monitor: whichever node is the primary, and PgBouncer's console. */
  monitor: { server: ConnectionSettings; console: ConnectionSettings }
  /** Whether there are any, whose lag must be known. */
  standbys: boolean
}

/** The sandbox, as its application's role. */
export function sandboxLoadSite(sandbox: SandboxConnections, database = 'app'): LoadSite {
  const at = (url: string): ConnectionSettings => resolveConnection(url, {})
  return {
    direct: at(sandbox.primary.url(database)),
    pooler: at(sandbox.pgbouncer.url(database)),
    monitor: {
      server: at(sandbox.primary.url('postgres', roles.monitor)),
      console: at(sandbox.pgbouncer.url('pgbouncer', roles.monitor)),
    },
    standbys: sandbox.standbys.length > 0,
  }
}

/**
 * The machines of a definition, as the owner of one of its databases. The owner's password is where libpq would look for it: a
 * password file, or PGPASSWORD.
 *
 * @param name of a database of the definition.
 */
export async function clusterLoadSite(definition: Cluster, name: string, env: NodeJS.ProcessEnv): Promise<LoadSite> {
  const database = definition.databases.find((one) => one.name === name)
  const nodes = monitoredNodes(definition)
  const primary = nodes.find(({ role }) => role === 'primary')
  if (database === undefined || primary === undefined) throw new Error(`the definition has no database ${name}, or no primary`)
  const asOwner = (parts: ConnectionParts): ConnectionSettings =>
    resolveConnection(connectionPairs({ ...parts, database: name, user: database.owner }), env)
  const servers = { ...primary.server, hosts: nodes.flatMap(({ server }) => server.hosts) }
  const anyPrimary = { ...servers, targetSessionAttrs: 'primary' } as const
  const [server, console] = await Promise.all([
    definedConnection(anyPrimary, anyPrimary.database, env),
    definedConnection(primary.pooler, primary.pooler.database, env),
  ])
  const standbys = nodes.length > 1
  return { direct: asOwner(anyPrimary), pooler: asOwner(primary.pooler), monitor: { server, console }, standbys }
}
