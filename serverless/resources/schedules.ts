import { createHash } from 'node:crypto'
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

/** The longest name that EventBridge Scheduler takes. */
const longestName = 64
const hashLetters = 8

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
      Name: scheduleName(['ballast', cluster.name, operation, ...(slot === undefined ? [] : [slot])]),
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

/** Its parts with dashes between; one that is too long ends in a hash, so that no two are the same. */
function scheduleName(parts: readonly string[]): string {
  const whole = parts.join('-')
  if (whole.length <= longestName) return whole
  const hash = createHash('sha256').update(whole).digest('hex').slice(0, hashLetters)
  return `${whole.slice(0, longestName - hashLetters - 1)}-${hash}`
}
