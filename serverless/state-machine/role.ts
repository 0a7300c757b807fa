import type { Cluster } from '../../config/cluster.ts'
import { arn, attribute, bucketArn, type Resources, unlessChecked } from '../cloudformation.ts'
import { encryptionStatements } from '../policies/encryption-policy.ts'
import { keyArn } from '../policies/function-policy.ts'
import type { Statement } from '../policies/statement.ts'
import { s3Stores } from '../reach.ts'
import { lambdaId, role } from '../resources/roles.ts'
import { mapLabel } from './definition.ts'
import { machineArn, machineName } from './machine-name.ts'

/** Logical id of the state machine's role. */
export const machineRole = 'FanOutMachineRole'

const logDelivery = 'Deliveries of logs have no name in policies; they are made by Step Functions alone'

/** Calls the two functions, runs its own batches, reads their list, and writes its log. */
export function machineRoleResource(cluster: Cluster): Resources {
  const statements = [...calls, ...batchStatements(cluster), ...listStatements(cluster), ...keyStatements(cluster), log]
  return {
    [machineRole]: {
      ...role('states.amazonaws.com', machineName(cluster), statements),
      ...unlessChecked(['CKV_AWS_111', logDelivery]),
    },
  }
}

const calls: Statement[] = [
  {
    sid: 'CallSteps',
    actions: ['lambda:InvokeFunction'],
    resources: [attribute(lambdaId('fan-out'), 'Arn'), attribute(lambdaId('retention'), 'Arn')],
  },
]

/** A map over batches is made of executions of the same state machine. */
function batchStatements(cluster: Cluster): Statement[] {
  const name = machineName(cluster)
  return [
    { sid: 'RunBatches', actions: ['states:StartExecution'], resources: [machineArn(cluster)] },
    {
      sid: 'WatchBatches',
      actions: ['states:DescribeExecution', 'states:StopExecution'],
      resources: [arn('states', `execution:${name}:*`), arn('states', `execution:${name}/${mapLabel}:*`)],
    },
  ]
}

/** The lists of batches alone, of all that is in the first store. */
function listStatements(cluster: Cluster): Statement[] {
  return s3Stores(cluster)
    .slice(0, 1)
    .flatMap((store) => {
      const root = store.prefix === '' ? cluster.name : `${store.prefix}/${cluster.name}`
      const lists = bucketArn(store.bucket, `${root}/.ballast/runs/*/items/*`)
      return [{ sid: 'ReadList', actions: ['s3:GetObject'], resources: [lists] }, ...encryptionStatements(store, ['read'])]
    })
}

/** What Step Functions does with the key of the stack: it encrypts histories, and the log on its way. */
function keyStatements(cluster: Cluster): Statement[] {
  const resources = [keyArn(cluster)]
  return [
    {
      ...{ sid: 'UseKey', actions: ['kms:Decrypt', 'kms:GenerateDataKey'], resources },
      conditions: { StringEquals: { 'kms:EncryptionContext:aws:states:stateMachineArn': machineArn(cluster) } },
    },
    {
      ...{ sid: 'UseKeyForLog', actions: ['kms:GenerateDataKey'], resources },
      conditions: { StringEquals: { 'kms:EncryptionContext:SourceArn': arn('logs', '*') } },
    },
  ]
}

const log: Statement = {
  sid: 'Log',
  actions: [
    'logs:CreateLogDelivery',
    'logs:DeleteLogDelivery',
    'logs:DescribeLogGroups',
    'logs:DescribeResourcePolicies',
    'logs:GetLogDelivery',
    'logs:ListLogDeliveries',
    'logs:PutResourcePolicy',
    'logs:UpdateLogDelivery',
  ],
  resources: ['*'],
}
