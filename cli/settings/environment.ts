import type { Cluster } from '../../config/cluster.ts'
import { clusterEnvironment } from '../../functions/runtime/definition/cluster-environment.ts'

/** Where secrets are looked up: this process's environment, in the definition's region where there is a definition. */
export function commandEnvironment(definition: Cluster | undefined): NodeJS.ProcessEnv {
  return definition === undefined ? process.env : clusterEnvironment(definition, process.env)
}
