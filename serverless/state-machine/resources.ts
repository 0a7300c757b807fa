import type { Cluster } from '../../config/cluster.ts'
import { fanOutWorkers, fanRestoreWorkers } from '../../config/fan-out.ts'
import { attribute, integration, logicalId, type Resources, type Value } from '../cloudformation.ts'
import type { LambdaFunction, LambdaOperation } from '../functions.ts'
import { keyArn } from '../policies/function-policy.ts'
import { lambdaId } from '../resources/roles.ts'
import { machinesOf } from './availability.ts'
import { machineDefinition } from './definition.ts'
import { type Known, known } from './known-when-deployed.ts'
import { type Machine, machineId, machineLogGroup, machineName } from './machine-name.ts'
import { restoreMachineDefinition } from './restore-definition.ts'
import { machineRole, machineRoleResource } from './role.ts'
import type { Asl } from './tasks.ts'

/** The longest that Step Functions uses one data key. */
const dataKeySeconds = 900

/** The state machines of a cluster, each with its role and its log. */
export function stateMachines(cluster: Cluster, functions: readonly LambdaFunction[]): Resources {
  const all = machineDefinitions(cluster, functions).map(({ machine, definition }) =>
    stateMachine(cluster, machine, definition),
  )
  return Object.assign({}, ...all) as Resources
}

function stateMachine(cluster: Cluster, machine: Machine, definition: Asl): Resources {
  const log = logicalId(machine, 'machineLogGroup')
  const text = JSON.stringify(definition, undefined, 2)
  return {
    [machineId(machine)]: {
      Type: 'AWS::StepFunctions::StateMachine',
      Properties: {
        StateMachineName: machineName(cluster, machine),
        StateMachineType: 'STANDARD',
        RoleArn: attribute(machineRole(machine), 'Arn'),
        DefinitionString: text,
        DefinitionSubstitutions: Object.fromEntries(
          Object.entries(substitutions(machine)).filter(([name]) => text.includes(known(name as Known))),
        ),
        LoggingConfiguration: {
          // Nothing that is passed on is a secret: names of databases, sets, buckets and keys, and how runs ended.
          ...{ Level: 'ERROR', IncludeExecutionData: true },
          Destinations: [{ CloudWatchLogsLogGroup: { LogGroupArn: attribute(log, 'Arn') } }],
        },
        EncryptionConfiguration: {
          ...{ Type: 'CUSTOMER_MANAGED_KMS_KEY', KmsKeyId: keyArn(cluster) },
          KmsDataKeyReusePeriodSeconds: dataKeySeconds,
        },
      },
    },
    ...machineRoleResource(cluster, machine),
    [log]: {
      Type: 'AWS::Logs::LogGroup',
      Properties: {
        LogGroupName: machineLogGroup(cluster, machine),
        RetentionInDays: cluster.runtime.lambda.logRetentionSeconds / 86_400,
        KmsKeyId: keyArn(cluster),
      },
    },
  }
}

/** The state machines of a cluster as what Step Functions executes. */
export function machineDefinitions(
  cluster: Cluster,
  functions: readonly LambdaFunction[],
): { machine: Machine; definition: Asl }[] {
  const secondsOf = (name: LambdaOperation) => functions.find(({ operation }) => operation === name)?.timeoutSeconds
  const { limits } = cluster.backup
  return machinesOf(cluster).flatMap((machine) => {
    const [stepSeconds, removalSeconds] = [secondsOf(machine), secondsOf('retention')]
    if (stepSeconds === undefined || removalSeconds === undefined) return []
    // The holder ends a run that takes too long, and that is told; what ends the execution itself tells nobody but an alarm.
    const timeoutSeconds = limits.durationSeconds + stepSeconds
    const definition =
      machine === 'fan-out'
        ? machineDefinition({ stepSeconds, removalSeconds, workers: fanOutWorkers(cluster.backup), timeoutSeconds })
        : restoreMachineDefinition({ stepSeconds, workers: fanRestoreWorkers(cluster.backup), timeoutSeconds })
    return [{ machine, definition }]
  })
}

/** What a definition leaves open. */
function substitutions(machine: Machine): Readonly<Record<Known, Value>> {
  return {
    Steps: attribute(lambdaId(machine), 'Arn'),
    Removal: attribute(lambdaId('retention'), 'Arn'),
    Invoke: integration('lambda:invoke'),
    GetObject: integration('s3:getObject'),
  }
}
