import type { Cluster } from '../../config/cluster.ts'
import { arn, type Resources, serviceHost, type Value } from '../cloudformation.ts'
import { shared } from '../policies/function-policy.ts'
import { machinesOf } from '../state-machine/availability.ts'
import { machineLogGroup } from '../state-machine/machine-name.ts'

/** The key for logs, topics, schedules and secrets, where the definition names none. It outlives the stack, as its logs may. */
export function key(cluster: Cluster): Resources {
  const { name, runtime } = cluster
  if (runtime.lambda.kmsKey !== undefined) return {}
  return {
    [shared.key]: {
      Type: 'AWS::KMS::Key',
      DeletionPolicy: 'Retain',
      UpdateReplacePolicy: 'Retain',
      Properties: {
        Description: `Ballast ${name}: logs, topics, schedules and secrets`,
        EnableKeyRotation: true,
        KeyPolicy: { Version: '2012-10-17', Statement: [byAccount, ...byServices(cluster)] },
      },
    },
    KeyAlias: {
      Type: 'AWS::KMS::Alias',
      Properties: { AliasName: `alias/ballast-${name}`, TargetKeyId: { Ref: shared.key } },
    },
  }
}

/** Who may use it is said by the policies of users and roles. */
const byAccount: Value = {
  Sid: 'Account',
  Effect: 'Allow',
  Principal: { AWS: arn('iam', 'root', '') },
  Action: 'kms:*',
  Resource: '*',
}

function byServices(cluster: Cluster): Value[] {
  const logged = machinesOf(cluster)
  const logGroups = [`/aws/lambda/ballast-${cluster.name}-*`, ...logged.map((machine) => machineLogGroup(cluster, machine))]
  return [
    {
      Sid: 'Logs',
      Effect: 'Allow',
      Principal: { Service: serviceHost('logs') },
      Action: ['kms:Encrypt', 'kms:Decrypt', 'kms:ReEncrypt*', 'kms:GenerateDataKey*', 'kms:DescribeKey'],
      Resource: '*',
      Condition: {
        ArnLike: { 'kms:EncryptionContext:aws:logs:arn': logGroups.map((group) => arn('logs', `log-group:${group}`)) },
      },
    },
    ...(logged.length > 0 ? [byLogDelivery] : []),
    {
      Sid: 'Alarms',
      Effect: 'Allow',
      Principal: { Service: 'cloudwatch.amazonaws.com' },
      Action: ['kms:Decrypt', 'kms:GenerateDataKey*'],
      Resource: '*',
      Condition: { StringEquals: { 'aws:SourceAccount': { Ref: 'AWS::AccountId' } } },
    },
  ]
}

/** What brings the log of a state machine, which this key encrypts, into its log group; Amazon names no condition for it. */
const byLogDelivery: Value = {
  Sid: 'LogDelivery',
  Effect: 'Allow',
  Principal: { Service: 'delivery.logs.amazonaws.com' },
  Action: 'kms:Decrypt',
  Resource: '*',
}
