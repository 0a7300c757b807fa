import type { Cluster } from '../../config/cluster.ts'
import { unlessChecked, type Value } from '../cloudformation.ts'
import type { LambdaFunction } from '../functions.ts'
import { keyArn, startedMachine } from '../policies/function-policy.ts'
import { frameworkId, lambdaId } from './roles.ts'

const accessLog = 'It holds packages alone, which anybody can make again from the sources'
const answered = 'A state machine calls it, and waits for the answer'
const noSecret = 'Its only variable is the ARN of the state machine, which is no secret'
const deadLetters = 'What fails goes to the topic of alarms, by the destination of its event configuration'
const noNetwork = 'It reaches no database; in a network of its own it would need a NAT gateway to reach anything'

/** What resources of the Serverless Framework's own making are to have beyond its settings. */
export function extensions(cluster: Cluster, functions: readonly LambdaFunction[]): Readonly<Record<string, Value>> {
  return {
    ServerlessDeploymentBucket: unlessChecked(['CKV_AWS_18', accessLog]),
    ...Object.fromEntries(
      functions.flatMap((lambda) => [
        [`${frameworkId(lambda.operation)}LogGroup`, { Properties: { KmsKeyId: keyArn(cluster) } }],
        [lambdaId(lambda.operation), lambdaChecks(cluster, lambda)],
      ]),
    ),
  }
}

function lambdaChecks(cluster: Cluster, lambda: LambdaFunction): Value {
  const inNetwork = lambda.network && cluster.runtime.lambda.vpc !== undefined
  return unlessChecked(
    ['CKV_AWS_116', lambda.entries.length === 0 ? answered : deadLetters],
    ...(inNetwork ? [] : ([['CKV_AWS_117', noNetwork]] as const)),
    ...(startedMachine(cluster, lambda) ? ([['CKV_AWS_173', noSecret]] as const) : []),
  )
}
