import type { Cluster } from '../../config/cluster.ts'
import { fanOutWorkers, leastFanOutConnections } from '../../config/fan-out.ts'
import { byRole, s3Stores } from '../reach.ts'

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
