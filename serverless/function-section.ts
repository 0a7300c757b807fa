import type { Cluster } from '../config/cluster.ts'
import { shortestGapSeconds } from '../config/when.ts'
import { ref, type Value } from './cloudformation.ts'
import { functionName, type LambdaFunction, type LambdaOperation } from './functions.ts'
import { shared } from './policies/function-policy.ts'
import { roleId } from './resources/roles.ts'

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

/** One entry of `functions:`. Nothing is ever retried by Lambda: the next run is the retry, and a failed one tells. */
export function functionSection(cluster: Cluster, lambda: LambdaFunction): Value {
  const { operation, kind, entries } = lambda
  const { vpc } = cluster.runtime.lambda
  const handler = `${bundleDirectory(operation)}/handler.handler`
  const gapSeconds = Math.min(...entries.map(({ when }) => shortestGapSeconds(when)))
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
    reservedConcurrency: 1,
    maximumRetryAttempts: 0,
    maximumEventAge: Math.min(oldestEventSeconds, gapSeconds),
    destinations: { onFailure: { type: 'sns', arn: ref(shared.alarmTopic) } },
    vpc: lambda.network && vpc !== undefined ? { subnetIds: vpc.subnets, securityGroupIds: vpc.securityGroups } : undefined,
  }
}
