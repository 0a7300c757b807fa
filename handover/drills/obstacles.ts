import { definedReplicas, type Site } from '../sites/site.ts'
import type { Obstacle } from './drill.ts'

/** Drills about replication need somebody who replicates. */
export function noReplica(site: Site): Obstacle | undefined {
  if (definedReplicas(site).length > 0) return undefined
  return { reason: 'The definition has no replica', next: 'Add one to its nodes, or name the drill in handover.drills.skip.' }
}
