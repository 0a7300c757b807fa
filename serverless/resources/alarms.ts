import type { Cluster } from '../../config/cluster.ts'
import { longestGapSeconds } from '../../config/when.ts'
import { logicalId, type Resources, ref, type Value } from '../cloudformation.ts'
import { functionName, type LambdaFunction } from '../functions.ts'
import { machinesOf } from '../state-machine/availability.ts'
import { type Machine, machineId } from '../state-machine/machine-name.ts'
import { alarmActions, missedRuns } from './notices.ts'

const hourSeconds = 3600
/** CloudWatch looks back at most a week in hours, and at most a day in shorter periods. */
const longestGapHours = 167
/** Polls in a row that may be missing before the silence alarms, where runs are less than an hour apart. */
const missingPolls = 3

interface Alarm {
  id: string
  description: string
  metric: {
    namespace: string
    name: string
    dimensions: Readonly<Record<string, Value>>
    statistic: 'Sum' | 'Minimum' | 'Maximum'
  }
  periodSeconds: number
  /** Of this many periods ... */
  outOf: number
  /** ... this many must be bad. */
  bad: number
  comparison: 'GreaterThanThreshold' | 'LessThanThreshold'
  threshold: number
  missing: 'breaching' | 'notBreaching' | 'ignore'
}

/**
 * What watches the functions from outside: that each scheduled one runs when it should, ends without an error, and finds all well;
 * that no run was missed; and that every fanned-out backup came to its end.
 */
export function alarms(cluster: Cluster, functions: readonly LambdaFunction[]): Resources {
  // A step that fails is called again by its state machine, which fails when that is of no use.
  const scheduled = functions.filter(({ entries }) => entries.length > 0)
  const all = [...scheduled.flatMap((lambda) => functionAlarms(cluster, lambda)), missed(cluster), ...machineAlarms(cluster)]
  return Object.fromEntries(all.map((alarm) => [alarm.id, alarmResource(cluster, alarm)]))
}

function functionAlarms(cluster: Cluster, lambda: LambdaFunction): Alarm[] {
  const gapSeconds = longestGapSeconds(lambda.entries.map(({ when }) => when))
  const periodSeconds = Math.min(hourSeconds, gapSeconds)
  const { operation } = lambda
  const ofFunction = (name: string) => ({
    ...{ namespace: 'AWS/Lambda', name, statistic: 'Sum' as const },
    dimensions: { FunctionName: functionName(cluster, operation) },
  })
  const once = { periodSeconds, outOf: 1, bad: 1 }
  return [
    ...silence(lambda, gapSeconds, periodSeconds, ofFunction('Invocations')),
    {
      ...{ id: logicalId(operation, 'errorAlarm'), description: 'ended with an error', metric: ofFunction('Errors'), ...once },
      ...{ comparison: 'GreaterThanThreshold', threshold: 0, missing: 'notBreaching' },
    },
    {
      ...{ id: logicalId(operation, 'unwellAlarm'), description: 'found something that is not well', ...once },
      ...(operation === 'replication' ? { outOf: cluster.alerts.outOf, bad: cluster.alerts.raiseAfter } : {}),
      metric: { namespace: 'Ballast', name: 'ok', statistic: 'Minimum', dimensions: { service: cluster.name, operation } },
      // It lasts until a run is well again.
      ...{ comparison: 'LessThanThreshold', threshold: 1, missing: 'ignore' },
    },
  ]
}

/** Runs that are over a week apart are beyond CloudWatch: `freshness` says when one of them did not come. */
function silence({ operation }: LambdaFunction, gapSeconds: number, periodSeconds: number, metric: Alarm['metric']): Alarm[] {
  const gapHours = Math.ceil(gapSeconds / hourSeconds)
  if (gapHours > longestGapHours) return []
  const periods = gapSeconds < hourSeconds ? missingPolls : gapHours + 1
  return [
    {
      ...{ id: logicalId(operation, 'silenceAlarm'), description: 'did not run', metric, periodSeconds },
      ...{ outOf: periods, bad: periods, comparison: 'LessThanThreshold', threshold: 1, missing: 'breaching' },
    },
  ]
}

function missed({ name }: Cluster): Alarm {
  return {
    id: 'MissedRunsAlarm',
    description: `runs of ${name} could not be started: see the queue`,
    metric: {
      ...{ namespace: 'AWS/SQS', name: 'ApproximateNumberOfMessagesVisible', statistic: 'Maximum' },
      dimensions: { QueueName: { 'Fn::GetAtt': [missedRuns, 'QueueName'] } },
    },
    ...{ periodSeconds: 300, outOf: 1, bad: 1, comparison: 'GreaterThanThreshold', threshold: 0, missing: 'notBreaching' },
  }
}

const badEnds = [
  { metric: 'ExecutionsFailed', id: 'failed', description: 'failed' },
  { metric: 'ExecutionsTimedOut', id: 'timedOut', description: 'was ended when its time was over' },
  { metric: 'ExecutionsAborted', id: 'aborted', description: 'was stopped by somebody' },
  { metric: 'ExecutionThrottled', id: 'throttled', description: 'was held up by limits of the account' },
]

const runsOf: Readonly<Record<Machine, string>> = {
  'fan-out': 'a fanned-out backup',
  'fan-restore': 'a restore or a verification by many functions',
}

function machineAlarms(cluster: Cluster): Alarm[] {
  return machinesOf(cluster).flatMap((machine) =>
    badEnds.map(({ metric: name, id, description }) => ({
      ...{ id: logicalId(machine, id, 'alarm'), description: `${runsOf[machine]} ${description}` },
      metric: {
        ...{ namespace: 'AWS/States', name, statistic: 'Sum' as const },
        dimensions: { StateMachineArn: ref(machineId(machine)) },
      },
      ...{ periodSeconds: 300, outOf: 1, bad: 1, comparison: 'GreaterThanThreshold' as const, threshold: 0 },
      missing: 'notBreaching' as const,
    })),
  )
}

function alarmResource(cluster: Cluster, alarm: Alarm): Resources[string] {
  const { metric, description } = alarm
  const actions = alarmActions(cluster)
  return {
    Type: 'AWS::CloudWatch::Alarm',
    Properties: {
      AlarmName: `ballast-${cluster.name}-${kebab(alarm.id)}`,
      AlarmDescription: description,
      Namespace: metric.namespace,
      MetricName: metric.name,
      Dimensions: Object.entries(metric.dimensions).map(([Name, Value]) => ({ Name, Value })),
      Statistic: metric.statistic,
      Period: alarm.periodSeconds,
      EvaluationPeriods: alarm.outOf,
      DatapointsToAlarm: alarm.bad,
      ComparisonOperator: alarm.comparison,
      Threshold: alarm.threshold,
      TreatMissingData: alarm.missing,
      AlarmActions: actions,
      OKActions: actions,
    },
  }
}

function kebab(id: string): string {
  return id
    .replace(/Alarm$/, '')
    .replace(/(?!^)([A-Z])/g, '-$1')
    .toLowerCase()
}
