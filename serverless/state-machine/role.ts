import type { Cluster } from '../../config/cluster.ts'
import { arn, attribute, bucketArn, logicalId, type Resources, unlessChecked } from '../cloudformation.ts'
import type { LambdaOperation } from '../functions.ts'
import { encryptionStatements } from '../policies/encryption-policy.ts'
import { keyArn } from '../policies/function-policy.ts'
import type { Statement } from '../policies/statement.ts'
import { s3Stores } from '../reach.ts'
import { lambdaId, role } from '../resources/roles.ts'
import { mapLabel } from './definition.ts'
import { type Machine, machineArn, machineName } from './machine-name.ts'
import { workersLabel } from './restore-definition.ts'

/** Logical id of a state machine's role. */
export function machineRole(machine: Machine): string {
  return logicalId(machine, 'machineRole')
}

const logDelivery = 'Deliveries of logs have no name in policies; they are made by Step Functions alone'

/** Calls its functions, runs the parts of its map, reads the list of them where there is one, and writes its log. */
export function machineRoleResource(cluster: Cluster, machine: Machine): Resources {
  const statements = [
    {
      sid: 'CallSteps',
      actions: ['lambda:InvokeFunction'],
      resources: called[machine].map((one) => attribute(lambdaId(one), 'Arn')),
    },
    ...mapStatements(cluster, machine),
    ...(machine === 'fan-out' ? listStatements(cluster) : []),
    ...keyStatements(cluster, machine),
    log,
  ]
  return {
    [machineRole(machine)]: {
      ...role('states.amazonaws.com', machineName(cluster, machine), statements),
      ...unlessChecked(['CKV_AWS_111', logDelivery]),
    },
  }
}

const called: Readonly<Record<Machine, readonly LambdaOperation[]>> = {
  'fan-out': ['fan-out', 'retention'],
  'fan-restore': ['fan-restore'],
}

const mapLabels: Readonly<Record<Machine, string>> = { 'fan-out': mapLabel, 'fan-restore': workersLabel }

/** A distributed map is made of executions of the same state machine. */
function mapStatements(cluster: Cluster, machine: Machine): Statement[] {
  const name = machineName(cluster, machine)
  const label = mapLabels[machine]
  return [
    { sid: `Run${label}`, actions: ['states:StartExecution'], resources: [machineArn(cluster, machine)] },
    {
      sid: `Watch${label}`,
      actions: ['states:DescribeExecution', 'states:StopExecution'],
      resources: [arn('states', `execution:${name}:*`), arn('states', `execution:${name}/${label}:*`)],
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
function keyStatements(cluster: Cluster, machine: Machine): Statement[] {
  const resources = [keyArn(cluster)]
  return [
    {
      ...{ sid: 'UseKey', actions: ['kms:Decrypt', 'kms:GenerateDataKey'], resources },
      conditions: { StringEquals: { 'kms:EncryptionContext:aws:states:stateMachineArn': machineArn(cluster, machine) } },
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
