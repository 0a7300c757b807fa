import { stringify } from 'yaml'
import type { Cluster } from '../config/cluster.ts'
import type { Value } from './cloudformation.ts'
import { functionSection } from './function-section.ts'
import { type LambdaFunction, lambdaFunctions } from './functions.ts'
import { type OutOfReach, reachOf } from './reach.ts'
import { alarms } from './resources/alarms.ts'
import { buckets, otherRegions } from './resources/buckets.ts'
import { extensions } from './resources/extensions.ts'
import { key } from './resources/key.ts'
import { network } from './resources/network.ts'
import { notices } from './resources/notices.ts'
import { roles } from './resources/roles.ts'
import { schedules } from './resources/schedules.ts'
import { fanOutObstacle } from './state-machine/availability.ts'
import { stateMachines } from './state-machine/resources.ts'

/** How a rendered file begins; one that begins otherwise is somebody's own. */
export const markerStart = '# Generated'

/** One file, with its path below the project's directory. */
export interface RenderedService {
  path: string
  text: string
}

export interface RenderedServices {
  files: readonly RenderedService[]
  functions: readonly LambdaFunction[]
  outOfReach: readonly OutOfReach[]
  /** Why backups that are too long for one function are refused; undefined where they are fanned out. */
  noFanOut: string | undefined
}

/**
 * serverless.yml for a cluster, and one more file for each other region that holds a bucket of its. The same definition gives
 * the same bytes.
 *
 * @param definition path of the definition's file, below the project's directory.
 */
export function renderServices(whole: Cluster, definition: string): RenderedServices {
  const { cluster, outOfReach } = reachOf(whole)
  const functions = lambdaFunctions(cluster)
  const main = file('serverless.yml', definition, {
    ...service(cluster, `ballast-${cluster.name}`, cluster.region),
    plugins: ['./serverless/bundle-plugin.mjs'],
    custom: { ballast: { definition } },
    package: { individually: true, excludeDevDependencies: false, patterns: ['!**'] },
    functions: Object.fromEntries(functions.map((lambda) => [lambda.operation, functionSection(cluster, lambda)])),
    resources: {
      Resources: {
        ...roles(cluster, functions),
        ...schedules(cluster, functions),
        ...stateMachines(cluster, functions),
        ...alarms(cluster, functions),
        ...notices(cluster),
        ...key(cluster),
        ...network(cluster, functions),
        ...buckets(cluster, cluster.region),
      },
      extensions: extensions(cluster, functions),
    },
  })
  const others = otherRegions(cluster).map((region) =>
    file(`serverless.${region}.yml`, definition, {
      ...service(cluster, `ballast-${cluster.name}-stores`, region),
      resources: { Resources: buckets(cluster, region), extensions: extensions(cluster, []) },
    }),
  )
  return { files: [main, ...others], functions, outOfReach, noFanOut: fanOutObstacle(cluster) }
}

function service({ name, environment, runtime }: Cluster, serviceName: string, region: string): Record<string, Value> {
  return {
    service: serviceName,
    frameworkVersion: '^4.3.1',
    configValidationMode: 'error',
    provider: {
      name: 'aws',
      runtime: 'nodejs24.x',
      architecture: runtime.lambda.architecture === 'x86_64' ? 'x86_64' : 'arm64',
      region,
      stage: environment,
      stackName: serviceName,
      versionFunctions: false,
      logRetentionInDays: runtime.lambda.logRetentionSeconds / 86_400,
      deploymentBucket: { blockPublicAccess: true, versioning: true, serverSideEncryption: 'AES256' },
      tags: { application: 'ballast', cluster: name },
    },
  }
}

function file(path: string, definition: string, content: Record<string, Value>): RenderedService {
  const marker = `${markerStart} from ${definition} by \`ballast serverless render\`: change that file, and render again.\n`
  // The older YAML quotes what readers of it would take for a date or a flag.
  return { path, text: marker + stringify(content, { version: '1.1', lineWidth: 0, aliasDuplicateObjects: false }) }
}
