import type { Cluster, Node } from '../../config/index.ts'
import { readSockets, socketsCommand } from '../../functions/images/lab/listening-sockets.ts'
import { Failure } from '../../functions/platform/failure.ts'
import type { StoreSettings } from '../../functions/platform/object-store/settings.ts'
import { monitorConnections } from '../../functions/replication/monitor-connections.ts'
import { definedTargets } from '../loadtest/requests/targets.ts'
import type { Endpoint, Site, SiteNode } from './site.ts'
import { cutOff, letThrough } from './ssh/cut-off.ts'
import { filledDisk } from './ssh/filled-disk.ts'
import { runPgbackrest } from './ssh/pgbackrest.ts'
import { probedAddresses } from './ssh/probed-addresses.ts'
import { recoverBeside } from './ssh/recovered-server.ts'
import type { Remote } from './ssh/remote.ts'
import { changePassword } from './ssh/role-password.ts'
import { runSql } from './ssh/run-sql.ts'
import { killServers, promoteReplica, rejoinPrimary, startServers, stopPostgres } from './ssh/servers.ts'
import { untilStreaming } from './ssh/until-streaming.ts'

/** What machines are acted on as. */
export interface MachinesSiteOptions extends Pick<Site, 'definition' | 'cluster' | 'env'> {
  /** Of the store that backups of `cluster` go to. */
  store: StoreSettings
  on: 'cluster' | 'images'
  /** Takes the new password of a role to where secrets of `cluster` are looked up; without it no password can be changed. */
  keepPassword?: (role: string, password: string) => void
}

/** Machines that were made from Ballast's images, one for each node of the cluster, as drills act on them. */
export function machinesSite(options: MachinesSiteOptions, remotes: readonly Remote[]): Omit<Site, 'close'> {
  const { on, definition, cluster, env } = options
  const known = new Map(remotes.map((remote) => [remote.node.name, remote]))
  const remote = (name: string): Remote => {
    const found = known.get(name)
    if (found === undefined) throw new Error(`there is no node ${name}`)
    return found
  }
  return {
    ...{ on, definition, cluster, env, nodes: databaseNodes(cluster), store: { settings: options.store } },
    sql: (node, script, options) => runSql(remote(node), script, options),
    reach: (node, through) => Promise.resolve(endpointOf(cluster, remote(node).node, through)),
    monitors: (part) => monitorConnections(cluster, part, env),
    ...actionsOf(cluster, remote),
    disk: filledDisk(remote),
    ports: () => Promise.resolve(probedAddresses(cluster)),
    listening: async (node, signal) => readSockets(await remote(node).run(socketsCommand, { signal })),
    ...(cluster.backup.pitr && {
      pgbackrest: (node, args, signal) => runPgbackrest(remote(node), cluster.name, args, signal),
      recoverTo: (node, moment, signal) => recoverBeside(remote(node), cluster, moment, signal),
    }),
    // Machines of a lab have the definition's addresses, and the application that it names is not theirs.
    ...(on === 'cluster' && { application: async () => ({ targets: definedTargets(cluster), stop: async () => undefined }) }),
    ...passwordsOf(options, remote),
  }
}

type Action = 'cutPower' | 'stop' | 'start' | 'promote' | 'rejoin' | 'cutReplica' | 'reconnectReplica'

function actionsOf(cluster: Cluster, remote: (name: string) => Remote): Pick<Site, Action> {
  const databasesBeside = (node: string): Remote[] => {
    return databaseNodes(cluster).flatMap(({ name }) => (name === node ? [] : [remote(name)]))
  }
  return {
    cutPower: (node, signal) => killServers(cluster, remote(node), signal),
    stop: (node, signal) => stopPostgres(cluster, remote(node), signal),
    start: (node, signal) => startServers(cluster, remote(node), signal),
    promote: (node, signal) => promoteReplica(remote(node), signal),
    rejoin: (node, primary, signal) => rejoinPrimary(cluster, remote(node), remote(primary).node.address, signal),
    cutReplica: (name, signal) => {
      const replica = remote(name)
      const link = { others: databasesBeside(name), port: cluster.postgres.port, slot: replica.node.slot }
      return cutOff(replica, link, signal)
    },
    reconnectReplica: async (node, signal) => {
      await letThrough(remote(node), signal)
      await untilStreaming(remote(node), signal)
    },
  }
}

function passwordsOf(
  { cluster, keepPassword }: MachinesSiteOptions,
  remote: (name: string) => Remote,
): Pick<Site, 'rotatePassword'> {
  if (keepPassword === undefined) return {}
  return {
    rotatePassword: async (role, password, signal) => {
      const [primary, ...replicas] = databaseNodes(cluster)
      const machines = [remote(primary.name), ...replicas.map(({ name }) => remote(name))] as const
      await changePassword(cluster, machines, { role, password }, signal)
      keepPassword(role, password)
    },
  }
}

function databaseNodes({ nodes }: Cluster): Site['nodes'] {
  const named = (wanted: SiteNode['role']): SiteNode[] => {
    return nodes.flatMap(({ name, role }) => (role === wanted ? [{ name, role }] : []))
  }
  const [primary, ...others] = [...named('primary'), ...named('replica')]
  if (primary !== undefined) return [primary, ...others]
  throw new Failure('the definition has no primary', { kind: 'config', subject: 'nodes', hint: 'Add one to `nodes`.' })
}

function endpointOf({ postgres, pgbouncer }: Cluster, node: Node, through: 'pooler' | 'direct'): Endpoint {
  const { mode: sslmode, rootCertificate: sslrootcert } = postgres.tls
  return {
    host: node.hostName ?? node.address,
    port: through === 'pooler' ? pgbouncer.port : postgres.port,
    ...{ sslmode, ...(sslrootcert === undefined ? {} : { sslrootcert }) },
  }
}
