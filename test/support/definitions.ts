import { join } from 'node:path'
import { type Cluster, checkCluster, loadCluster } from '../../config/index.ts'
import { type Changes, changed, sample } from '../unit/config/sample.ts'

/** The reference cluster, ballast.config.ts. */
export function referenceCluster(): Promise<Cluster> {
  return loadCluster(join(import.meta.dirname, '../../ballast.config.ts'))
}

/** The sample definition with some values changed. */
export function sampleCluster(changes: Changes = {}): Cluster {
  return checkCluster(changed(sample, changes))
}
