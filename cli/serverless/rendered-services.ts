import { relative, resolve } from 'node:path'
import type { Cluster } from '../../config/cluster.ts'
import { ConfigError } from '../../config/problems.ts'
import { lambdaProblems } from '../../serverless/problems.ts'
import { type RenderedServices, renderServices } from '../../serverless/render.ts'
import { configFailure } from '../settings/config-failure.ts'
import { defaultDefinition, requireDefinition } from '../settings/definition.ts'

/** A cluster, and what the Serverless Framework deploys for it. */
export interface ClusterServices {
  cluster: Cluster
  rendered: RenderedServices
}

/** What the definition makes; throws a ConfigError with everything that functions could not work with. */
export async function clusterServices(config: string | undefined): Promise<ClusterServices> {
  const cluster = await requireDefinition(config)
  const file = relative(process.cwd(), resolve(config ?? defaultDefinition))
  if (file.startsWith('..')) {
    throw configFailure('the definition is not below this directory', file, 'Run this in the directory that holds it.')
  }
  const problems = lambdaProblems(cluster)
  if (problems.length > 0) throw new ConfigError(problems, file)
  return { cluster, rendered: renderServices(cluster, file) }
}
