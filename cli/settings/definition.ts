import { existsSync } from 'node:fs'
import type { Cluster } from '../../config/cluster.ts'
import { configFailure } from './config-failure.ts'

/** Where a definition is looked for, in the working directory. */
export const defaultDefinition = 'ballast.config.ts'

/** The definition that --config names, else the one in the working directory; undefined where there is none. */
export async function loadDefinition(file: string | undefined): Promise<Cluster | undefined> {
  if (file === undefined && !existsSync(defaultDefinition)) return undefined
  const { loadCluster } = await import('../../config/load.ts')
  return await loadCluster(file ?? defaultDefinition)
}

/** {@link loadDefinition} for what works with nothing else: without one it throws a Failure of kind `config`. */
export async function requireDefinition(file: string | undefined): Promise<Cluster> {
  const cluster = await loadDefinition(file)
  if (cluster !== undefined) return cluster
  const hint = 'Name it with --config FILE, or run this where ballast.config.ts is.'
  throw configFailure('this works with the definition of a cluster, and there is none here', '--config', hint)
}
