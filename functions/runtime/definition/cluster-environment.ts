import type { Cluster } from '../../../config/cluster.ts'

/** An environment in which AWS secrets are looked up where the cluster is, whatever region the machine thinks of. */
export function clusterEnvironment({ region }: Pick<Cluster, 'region'>, env: NodeJS.ProcessEnv): NodeJS.ProcessEnv {
  return { ...env, AWS_REGION: region }
}
