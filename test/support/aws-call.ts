import type { AwsRequest } from './aws-recorder.ts'
import type { PolicyCall } from './policy-evaluator.ts'

const account = '123456789012'

/**
 * What IAM is asked for a request to one of Amazon's services, and then for the key that encrypts what it is about: of that the
 * service asks KMS, and no request of ours shows it. Which actions it takes is as Amazon documents it.
 *
 * @param key ARN of the key of secrets, topics and state machines, or what stands for it.
 */
export function awsPolicyCalls({ service, region, operation, input }: AwsRequest, key: string): PolicyCall[] {
  const byKey = (...actions: readonly string[]): PolicyCall[] =>
    actions.map((action) => ({ action, resource: key, context: { 'kms:ViaService': `${service}.${region}.amazonaws.com` } }))
  const call = (action: string, resource: string): PolicyCall => ({ action, resource, context: {} })
  switch (`${service} ${operation}`) {
    case 'secretsmanager GetSecretValue': {
      // Secrets Manager adds six characters to every name.
      const secret = `arn:aws:secretsmanager:${region}:${account}:secret:${input.SecretId}-a1B2c3`
      return [call('secretsmanager:GetSecretValue', secret), ...byKey('kms:Decrypt')]
    }
    case 'sns Publish':
      return [call('sns:Publish', input.TopicArn ?? ''), ...byKey('kms:GenerateDataKey', 'kms:Decrypt')]
    case 'ses POST /v2/email/outbound-emails':
      return [call('ses:SendEmail', `arn:aws:ses:${region}:${account}:identity/${input.FromEmailAddress}`)]
    case 'states StartExecution':
      return [call('states:StartExecution', input.stateMachineArn ?? ''), ...byKey('kms:GenerateDataKey', 'kms:Decrypt')]
    default:
      throw new Error(`nothing is known of the permission for ${service} ${operation}`)
  }
}
