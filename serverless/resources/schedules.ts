import type { Cluster } from '../../config/cluster.ts'
import type { TimetableEntry } from '../../config/timetable.ts'
import { attribute, logicalId, type Resources } from '../cloudformation.ts'
import type { LambdaFunction } from '../functions.ts'
import { keyArn } from '../policies/function-policy.ts'
import { scheduleExpression } from '../schedule-expression.ts'
import { missedRunsArn } from './notices.ts'
import { lambdaId, scheduleRole } from './roles.ts'

/** The shortest that EventBridge Scheduler takes: a run that cannot be started now is missed, and kept in the queue. */
const oldestSeconds = 60

/** One schedule per line of the timetable. */
export function schedules(cluster: Cluster, functions: readonly LambdaFunction[]): Resources {
  return Object.fromEntries(
    functions.flatMap((lambda) =>
      lambda.entries.map((entry) => [
        logicalId(lambda.operation, entry.slot ?? '', 'schedule'),
        schedule(cluster, lambda, entry),
      ]),
    ),
  )
}

function schedule(cluster: Cluster, { operation }: LambdaFunction, { slot, when }: TimetableEntry): Resources[string] {
  const input = { ...(slot === undefined ? {} : { slot }), due: '<aws.scheduler.scheduled-time>' }
  return {
    Type: 'AWS::Scheduler::Schedule',
    Properties: {
      Name: ['ballast', cluster.name, operation, ...(slot === undefined ? [] : [slot])].join('-').slice(0, 64),
      Description: `${operation}${slot === undefined ? '' : ` '${slot}'`}: ${when.text}`,
      ScheduleExpression: scheduleExpression(when),
      ScheduleExpressionTimezone: cluster.timeZone,
      FlexibleTimeWindow: { Mode: 'OFF' },
      State: 'ENABLED',
      KmsKeyArn: keyArn(cluster),
      Target: {
        Arn: attribute(lambdaId(operation), 'Arn'),
        RoleArn: attribute(scheduleRole, 'Arn'),
        Input: JSON.stringify(input),
        RetryPolicy: { MaximumRetryAttempts: 0, MaximumEventAgeInSeconds: oldestSeconds },
        DeadLetterConfig: { Arn: missedRunsArn },
      },
    },
  }
}
