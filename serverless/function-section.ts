import type { Cluster } from '../config/cluster.ts'
import { shortestGapSeconds } from '../config/when.ts'
import { machineVariables } from '../functions/runtime/lambda/machine-variable.ts'
import { ref, type Value } from './cloudformation.ts'
import { functionName, type LambdaFunction, type LambdaOperation } from './functions.ts'
import { shared, startedMachine } from './policies/function-policy.ts'
import { roleId } from './resources/roles.ts'
import { machineId } from './state-machine/machine-name.ts'

/** Where bundles are made, below the project's directory. */
export const buildDirectory = 'build'

/** The directory of one function's bundle, below the project's. */
export function bundleDirectory(operation: LambdaOperation): string {
  return `${buildDirectory}/functions/${operation}`
}

/** Says of the bundles what package.json says of the sources. */
export const bundlePackage = `${buildDirectory}/package.json`

/** The container image, by its digest, is told by this variable when the service is packaged. */
const imageVariable = 'BALLAST_IMAGE'
const imageReference = `\${env:${imageVariable}}`

/** The longest that Lambda keeps an event it cannot start. */
const oldestEventSeconds = 6 * 3600

/** One entry of `functions:`. */
export function functionSection(cluster: Cluster, lambda: LambdaFunction): Value {
  const { operation, kind } = lambda
  const { vpc } = cluster.runtime.lambda
  const handler = `${bundleDirectory(operation)}/handler.handler`
  const machine = startedMachine(cluster, lambda)
  return {
    name: functionName(cluster, operation),
    description: `${lambda.description} (cluster ${cluster.name})`,
    ...(kind === 'zip'
      ? { handler, package: { patterns: [`${bundleDirectory(operation)}/**`, bundlePackage] } }
      : { image: { uri: imageReference, command: [handler] } }),
    role: roleId(operation),
    memorySize: lambda.memoryMebibytes,
    ephemeralStorageSize: lambda.storageMebibytes,
    timeout: lambda.timeoutSeconds,
    reservedConcurrency: lambda.concurrency,
    ...scheduledCalls(lambda),
    environment: machine && { [machineVariables[machine === 'fan-out' ? 'backup' : 'verify']]: ref(machineId(machine)) },
    vpc: lambda.network && vpc !== undefined ? { subnetIds: vpc.subnets, securityGroupIds: vpc.securityGroups } : undefined,
  }
}

/** Nothing is ever retried by Lambda: the next run is the retry, and a failed one tells. A state machine waits for its answers. */
function scheduledCalls({ entries }: LambdaFunction): Readonly<Record<string, Value>> {
  if (entries.length === 0) return {}
  const gapSeconds = Math.min(...entries.map(({ when }) => shortestGapSeconds(when)))
  return {
    maximumRetryAttempts: 0,
    maximumEventAge: Math.min(oldestEventSeconds, gapSeconds),
    destinations: { onFailure: { type: 'sns', arn: ref(shared.alarmTopic) } },
  }
}
