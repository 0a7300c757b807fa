import type { Cluster } from '../../config/index.ts'
import type { Changes } from '../unit/config/sample.ts'
import { sampleCluster } from './definitions.ts'

/** A cluster with two replicas, whose load is over soon. */
export function drilledCluster(changes: Changes = {}): Cluster {
  return sampleCluster({
    'nodes[3]': { name: 'db-3', role: 'replica', address: '10.0.0.13' },
    'firewall.replica': ['10.0.0.11/32', '10.0.0.12/31'],
    'loadtests.pgbench': { clients: 30, duration: '2 s' },
    ...changes,
  })
}
