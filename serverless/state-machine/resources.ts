import type { Cluster } from '../../config/cluster.ts'
import { fanOutWorkers } from '../../config/fan-out.ts'
import { attribute, integration, type Resources, type Value } from '../cloudformation.ts'
import type { LambdaFunction, LambdaOperation } from '../functions.ts'
import { keyArn } from '../policies/function-policy.ts'
import { lambdaId } from '../resources/roles.ts'
import { type MachineParts, machineDefinition } from './definition.ts'
import type { Known } from './known-when-deployed.ts'
import { machineId, machineLogGroup, machineName } from './machine-name.ts'
import { machineRole, machineRoleResource } from './role.ts'

const machineLog = 'FanOutMachineLogGroup'

/** The longest that Step Functions uses one data key. */
const dataKeySeconds = 900

/** The state machine of fanned-out backups with its role and its log, where the functions include its steps. */
export function stateMachine(cluster: Cluster, functions: readonly LambdaFunction[]): Resources {
  const parts = machineParts(cluster, functions)
  if (parts === undefined) return {}
  return {
    [machineId]: {
      Type: 'AWS::StepFunctions::StateMachine',
      Properties: {
        StateMachineName: machineName(cluster),
        StateMachineType: 'STANDARD',
        RoleArn: attribute(machineRole, 'Arn'),
        DefinitionString: JSON.stringify(machineDefinition(parts), undefined, 2),
        DefinitionSubstitutions: substitutions,
        LoggingConfiguration: {
          // Nothing that is passed on is a secret: names of databases, sets, buckets and keys, and how runs ended.
          ...{ Level: 'ERROR', IncludeExecutionData: true },
          Destinations: [{ CloudWatchLogsLogGroup: { LogGroupArn: attribute(machineLog, 'Arn') } }],
        },
        EncryptionConfiguration: {
          ...{ Type: 'CUSTOMER_MANAGED_KMS_KEY', KmsKeyId: keyArn(cluster) },
          KmsDataKeyReusePeriodSeconds: dataKeySeconds,
        },
      },
    },
    ...machineRoleResource(cluster),
    [machineLog]: {
      Type: 'AWS::Logs::LogGroup',
      Properties: {
        LogGroupName: machineLogGroup(cluster),
        RetentionInDays: cluster.runtime.lambda.logRetentionSeconds / 86_400,
        KmsKeyId: keyArn(cluster),
      },
    },
  }
}

/** What the state machine of a cluster is made from; undefined where its backups are not fanned out. */
export function machineParts(cluster: Cluster, functions: readonly LambdaFunction[]): MachineParts | undefined {
  const secondsOf = (name: LambdaOperation) => functions.find(({ operation }) => operation === name)?.timeoutSeconds
  const [steps, removal] = [secondsOf('fan-out'), secondsOf('retention')]
  if (steps === undefined || removal === undefined) return undefined
  return {
    stepSeconds: steps,
    removalSeconds: removal,
    workers: fanOutWorkers(cluster.backup),
    // The holder ends a run that takes too long, and that is told; what ends the execution itself tells nobody but an alarm.
    timeoutSeconds: cluster.backup.limits.durationSeconds + steps,
  }
}

/** What the definition leaves open. */
const substitutions: Readonly<Record<Known, Value>> = {
  Steps: attribute(lambdaId('fan-out'), 'Arn'),
  Removal: attribute(lambdaId('retention'), 'Arn'),
  Invoke: integration('lambda:invoke'),
  GetObject: integration('s3:getObject'),
}
