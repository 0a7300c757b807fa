import type { Cluster } from '../../config/cluster.ts'
import { fanOutWorkers, fanRestoreWorkers, leastFanOutConnections } from '../../config/fan-out.ts'
import { byRole, s3Stores } from '../reach.ts'
import { type Machine, machines } from './machine-name.ts'

/**
 * Why a backup that is too long for one function cannot be fanned out here; undefined where it can. The state machine reads the list
 * of its batches from the first store, by its own role: Step Functions knows no other store than S3, in its own region.
 */
export function fanOutObstacle(cluster: Cluster): string | undefined {
  const [first] = s3Stores(cluster)
  if (first === undefined) return 'there is no store that functions can reach'
  if (!byRole(first))
    return `a state machine reads its list from S3 of Amazon with its role, and '${first.name}' is elsewhere or has credentials of its own`
  if (first.region !== cluster.region)
    return `a state machine reads its list in its own region (${cluster.region}), and '${first.name}' is in ${first.region}`
  if (fanOutWorkers(cluster.backup) === 0)
    return `backup.fanOut.connections is ${cluster.backup.fanOut.connections}, and a fanned-out backup takes at least ${leastFanOutConnections}`
  return undefined
}

export function fansOut(cluster: Cluster): boolean {
  return fanOutObstacle(cluster) === undefined
}

/** Whether sets that are too large for one function are verified by many: that takes a server to restore into. */
export function restoresByMany(cluster: Cluster): boolean {
  const { verify } = cluster.backup
  return verify.into !== undefined && s3Stores(cluster).length > 0 && fanRestoreWorkers(cluster.backup) > 0
}

/** The state machines of a cluster. */
export function machinesOf(cluster: Cluster): Machine[] {
  const has: Readonly<Record<Machine, (one: Cluster) => boolean>> = { 'fan-out': fansOut, 'fan-restore': restoresByMany }
  return machines.filter((machine) => has[machine](cluster))
}
