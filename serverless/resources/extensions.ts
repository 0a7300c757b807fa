import type { Cluster } from '../../config/cluster.ts'
import { logicalId, unlessChecked, type Value } from '../cloudformation.ts'
import type { LambdaFunction } from '../functions.ts'
import { keyArn } from '../policies/function-policy.ts'
import { lambdaId } from './roles.ts'

const accessLog = 'It holds packages alone, which anybody can make again from the sources'
const deadLetters = 'What fails goes to the topic of alarms, by the destination of its event configuration'
const noNetwork = 'It reaches no database; in a network of its own it would need a NAT gateway to reach anything'

/** What resources of the Serverless Framework's own making are to have beyond its settings. */
export function extensions(cluster: Cluster, functions: readonly LambdaFunction[]): Readonly<Record<string, Value>> {
  return {
    ServerlessDeploymentBucket: unlessChecked(['CKV_AWS_18', accessLog]),
    ...Object.fromEntries(
      functions.flatMap(({ operation, network }) => [
        [logicalId(operation, 'logGroup'), { Properties: { KmsKeyId: keyArn(cluster) } }],
        [lambdaId(operation), lambdaChecks(network && cluster.runtime.lambda.vpc !== undefined)],
      ]),
    ),
  }
}

function lambdaChecks(inNetwork: boolean): Value {
  return unlessChecked(['CKV_AWS_116', deadLetters], ...(inNetwork ? [] : ([['CKV_AWS_117', noNetwork]] as const)))
}
