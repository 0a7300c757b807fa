import type { Channel, Cluster } from '../../config/cluster.ts'
import type { NeededSecret } from '../../config/needed-secrets.ts'
import { arn, attribute, ref, serviceHost, type Value } from '../cloudformation.ts'
import { functionName, type LambdaFunction, type LambdaOperation } from '../functions.ts'
import { functionNeeds } from '../needs.ts'
import { machinesOf } from '../state-machine/availability.ts'
import { type Machine, machineArn } from '../state-machine/machine-name.ts'
import type { Statement } from './statement.ts'
import { storeStatements } from './store-policy.ts'

/** Logical ids of what all functions share. */
export const shared = { key: 'Key', alarmTopic: 'AlarmTopic' } as const

/** Everything that one function may do, and nothing else. */
export function functionStatements(cluster: Cluster, lambda: LambdaFunction): Statement[] {
  const { stores, secrets, channels } = functionNeeds(cluster, lambda)
  const machine = startedMachine(cluster, lambda)
  return [
    ...stores.flatMap(({ store, access }) => storeStatements(cluster, store, access)),
    ...secretStatements(secrets),
    ...channels.flatMap(channelStatements),
    ...keyStatements(cluster, lambda),
    ...(lambda.entries.length === 0 ? [] : [tellOfFailures]),
    ...(machine === undefined ? [] : [{ ...startMachine, resources: [machineArn(cluster, machine)] }]),
    {
      sid: 'Log',
      actions: ['logs:CreateLogStream', 'logs:PutLogEvents'],
      resources: [arn('logs', `log-group:/aws/lambda/${functionName(cluster, lambda.operation)}:*`)],
    },
    ...(lambda.network && cluster.runtime.lambda.vpc !== undefined ? networkStatements(cluster, lambda) : []),
  ]
}

/** The key that encrypts logs, topics and secrets: the stack's own, or the one that the definition names. */
export function keyArn({ runtime }: Cluster): Value {
  return runtime.lambda.kmsKey ?? attribute(shared.key, 'Arn')
}

/** Lambda itself tells of a scheduled run that failed. */
const tellOfFailures: Statement = { sid: 'TellOfFailures', actions: ['sns:Publish'], resources: [ref(shared.alarmTopic)] }

const startMachine = { sid: 'FanOut', actions: ['states:StartExecution'] }

/** The state machine that a function hands to what is too long for it. */
export function startedMachine(cluster: Cluster, { operation }: Pick<LambdaFunction, 'operation'>): Machine | undefined {
  return machinesOf(cluster).find((machine) => starters[machine] === operation)
}

const starters: Readonly<Record<Machine, LambdaOperation>> = { 'fan-out': 'backup', 'fan-restore': 'verify' }

function keyStatements(cluster: Cluster, lambda: LambdaFunction): Statement[] {
  const services = ['secretsmanager', 'sns', ...(startedMachine(cluster, lambda) ? ['states'] : [])].map(serviceHost)
  const conditions = { StringEquals: { 'kms:ViaService': services } }
  return [{ sid: 'UseKey', actions: ['kms:Decrypt', 'kms:GenerateDataKey'], resources: [keyArn(cluster)], conditions }]
}

/** Secrets Manager adds a dash and six characters to a name. */
function secretStatements(secrets: readonly NeededSecret[]): Statement[] {
  const names = secrets.flatMap(({ ref: reference }) => ('secret' in reference ? [reference.secret] : []))
  const resources = [...new Set(names)]
    .sort()
    .map((name) => (name.startsWith('arn:') ? name : arn('secretsmanager', `secret:${name}-??????`)))
  return resources.length === 0 ? [] : [{ sid: 'ReadSecrets', actions: ['secretsmanager:GetSecretValue'], resources }]
}

function channelStatements(channel: Channel, index: number): Statement[] {
  if (channel.type === 'sns') return [{ sid: `Alert${index}`, actions: ['sns:Publish'], resources: [channel.topicArn] }]
  if (channel.type !== 'email' || channel.smtp !== undefined) return []
  const [, domain = ''] = channel.from.split('@')
  return [
    {
      sid: `Alert${index}`,
      actions: ['ses:SendEmail'],
      resources: [arn('ses', `identity/${channel.from}`), arn('ses', `identity/${domain}`)],
    },
  ]
}

/** Lambda itself uses these to join the network; the function's own code may not. */
function networkStatements(cluster: Cluster, { operation }: LambdaFunction): Statement[] {
  const actions = [
    'ec2:AssignPrivateIpAddresses',
    'ec2:CreateNetworkInterface',
    'ec2:DeleteNetworkInterface',
    'ec2:DescribeNetworkInterfaces',
    'ec2:DescribeSubnets',
    'ec2:UnassignPrivateIpAddresses',
  ]
  const own = arn('lambda', `function:${functionName(cluster, operation)}`)
  return [
    { sid: 'JoinNetwork', actions, resources: ['*'] },
    {
      sid: 'JoinNetworkByLambdaAlone',
      effect: 'Deny',
      actions,
      resources: ['*'],
      conditions: { ArnEquals: { 'lambda:SourceFunctionArn': own } },
    },
  ]
}
