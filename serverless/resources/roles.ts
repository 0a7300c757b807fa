import type { Cluster } from '../../config/cluster.ts'
import { attribute, logicalId, type Resources, unlessChecked, type Value } from '../cloudformation.ts'
import { functionName, type LambdaFunction, type LambdaOperation } from '../functions.ts'
import { functionStatements, keyArn } from '../policies/function-policy.ts'
import { policyDocument, type Statement } from '../policies/statement.ts'
import { missedRunsArn } from './notices.ts'

/** Logical id of a function's role. */
export function roleId(operation: LambdaOperation): string {
  return logicalId(operation, 'role')
}

/** Logical id of the role that starts functions on their schedule. */
export const scheduleRole = 'ScheduleRole'

/** One role per function, and the one of the schedules, which start only what is scheduled. */
export function roles(cluster: Cluster, functions: readonly LambdaFunction[]): Resources {
  const own = functions.map((lambda) => [roleId(lambda.operation), functionRole(cluster, lambda)] as const)
  const scheduled = functions.filter(({ entries }) => entries.length > 0)
  return { ...Object.fromEntries(own), [scheduleRole]: schedules(cluster, scheduled) }
}

function functionRole(cluster: Cluster, lambda: LambdaFunction): Resources[string] {
  const inNetwork = lambda.network && cluster.runtime.lambda.vpc !== undefined
  const reason = 'Network interfaces have no name before they exist; the function itself is denied their use'
  return {
    ...role('lambda.amazonaws.com', functionName(cluster, lambda.operation), functionStatements(cluster, lambda)),
    ...(inNetwork ? unlessChecked(['CKV_AWS_111', reason]) : {}),
  }
}

function schedules(cluster: Cluster, functions: readonly LambdaFunction[]): Resources[string] {
  return role('scheduler.amazonaws.com', `ballast-${cluster.name}-schedule`, [
    {
      sid: 'Start',
      actions: ['lambda:InvokeFunction'],
      resources: functions.map(({ operation }) => attribute(lambdaId(operation), 'Arn')),
    },
    { sid: 'KeepMissedRuns', actions: ['sqs:SendMessage'], resources: [missedRunsArn] },
    { sid: 'UseKey', actions: ['kms:Decrypt', 'kms:GenerateDataKey'], resources: [keyArn(cluster)] },
  ])
}

/** How the Serverless Framework begins the logical ids of what it makes for a function. */
export function frameworkId(operation: LambdaOperation): string {
  return logicalId(operation.replaceAll('-', 'Dash'))
}

/** The logical id that the Serverless Framework gives to a function. */
export function lambdaId(operation: LambdaOperation): string {
  return `${frameworkId(operation)}LambdaFunction`
}

/** A role that one of Amazon's services takes, for this account alone. */
export function role(service: string, name: string, statements: readonly Statement[]): Resources[string] {
  const sourceAccount: Value = { StringEquals: { 'aws:SourceAccount': { Ref: 'AWS::AccountId' } } }
  return {
    Type: 'AWS::IAM::Role',
    Properties: {
      AssumeRolePolicyDocument: {
        Version: '2012-10-17',
        Statement: [
          {
            Effect: 'Allow',
            Principal: { Service: service },
            Action: 'sts:AssumeRole',
            // Lambda names no account when it takes a role.
            Condition: service === 'lambda.amazonaws.com' ? undefined : sourceAccount,
          },
        ],
      },
      Policies: [{ PolicyName: name, PolicyDocument: policyDocument(statements) }],
    },
  }
}
