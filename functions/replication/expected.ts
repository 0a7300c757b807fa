import type { Cluster, Replication } from '../../config/cluster.ts'
import { monitoredNodes } from '../../config/monitoring.ts'

/** Where "not well" begins; each is explained in docs/replication.md. */
export type Limits = Omit<Replication, 'schedule'> & {
  /** Longest that a backup's own transaction may be open. */
  maxSnapshotAgeSeconds: number
}

/** A node that must answer, and what it must be. */
export interface ExpectedNode {
  name: string
  role: 'primary' | 'replica'
  /** Where the definition names it: `nodes[1]`. */
  path: string
  /** The slot on the primary; replicas have one. */
  slot: string | undefined
  diskBytes: number | undefined
  /** Whether backups may pause its replay. */
  mayPause: boolean
}

/** What the servers are judged against: absence can only be seen by somebody who knows what should be there. */
export interface Expected {
  nodes: readonly ExpectedNode[]
  /** Standbys that a commit must wait for; 0 when none. */
  synchronousStandbys: number
  /** Whether every WAL segment must be archived. */
  archiving: boolean
  /** Its transactions are long on purpose, and have a limit of their own. */
  backupUser: string
  limits: Limits
}

/** What a definition promises of its running cluster. */
export function expectedCluster(cluster: Cluster): Expected {
  const { postgres, backup, accounts, replication } = cluster
  return {
    nodes: monitoredNodes(cluster).map(({ name, role, path, slot, diskBytes }) => {
      return { name, role, path, slot, diskBytes, mayPause: name === backup.fanOut.pauseReplica }
    }),
    synchronousStandbys: postgres.synchronous.mode === 'off' ? 0 : postgres.synchronous.standbys,
    archiving: backup.pitr !== undefined,
    backupUser: accounts.backup.user,
    limits: { ...replication, maxSnapshotAgeSeconds: backup.limits.snapshotAgeSeconds },
  }
}
