import type { Cluster } from '../../config/cluster.ts'
import type { SetFilter } from '../../functions/archive/catalogue-scan.ts'
import type { ScopeOptions } from '../options.ts'

const defaultCluster = 'default'

/** The name that new sets are kept under. */
export function clusterName(options: ScopeOptions, definition: Cluster | undefined): string {
  return options.cluster ?? definition?.name ?? defaultCluster
}

/** Which sets a command looks at: of one cluster when one is named or defined, of all that the store holds otherwise. */
export function setFilter(options: ScopeOptions, definition: Cluster | undefined): SetFilter {
  const cluster = options.cluster ?? definition?.name
  return {
    ...(cluster === undefined ? {} : { cluster }),
    ...(options.database === undefined ? {} : { database: options.database }),
  }
}
