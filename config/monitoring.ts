import type { Cluster, Node } from './cluster.ts'
import type { DirectConnection } from './derive.ts'

type ConnectionParts = Extract<DirectConnection, { type: 'parts' }>

/** A node that runs PostgreSQL and PgBouncer, and how the monitor reaches both. */
export interface MonitoredNode {
  name: string
  role: 'primary' | 'replica'
  /** Where the definition names it: `nodes[1]`. */
  path: string
  /** The slot on the primary that a replica streams through. */
  slot: string | undefined
  diskBytes: number | undefined
  server: ConnectionParts
  /** PgBouncer's admin console. */
  pooler: ConnectionParts
}

/** The database that every cluster has, for what is asked of a server as a whole. */
const maintenanceDatabase = 'postgres'
/** What PgBouncer calls its admin console. */
const consoleDatabase = 'pgbouncer'

/** The nodes to watch, in the definition's order. */
export function monitoredNodes(cluster: Cluster): MonitoredNode[] {
  return cluster.nodes.flatMap((node, index) => {
    const { name, role, slot, diskBytes } = node
    if (role === 'docker') return []
    const reached = (port: number, database: string) => monitorConnection(cluster, node, port, database)
    return {
      ...{ name, role, path: `nodes[${index}]`, slot, diskBytes },
      server: reached(cluster.postgres.port, maintenanceDatabase),
      pooler: reached(cluster.pgbouncer.port, consoleDatabase),
    }
  })
}

function monitorConnection({ postgres, accounts }: Cluster, node: Node, port: number, database: string): ConnectionParts {
  const { user, password } = accounts.monitor
  return {
    ...{ type: 'parts', database, user, password },
    hosts: [{ host: node.hostName ?? node.address, port }],
    ...{ sslmode: postgres.tls.mode, sslrootcert: postgres.tls.rootCertificate, targetSessionAttrs: 'any' },
  }
}
