import { existsSync } from 'node:fs'
import type { Cluster } from '../../config/cluster.ts'

const defaultFile = 'ballast.config.ts'

/** The definition that --config names, else the one in the working directory; undefined where there is none. */
export async function loadDefinition(file: string | undefined): Promise<Cluster | undefined> {
  if (file === undefined && !existsSync(defaultFile)) return undefined
  const { loadCluster } = await import('../../config/load.ts')
  return await loadCluster(file ?? defaultFile)
}
