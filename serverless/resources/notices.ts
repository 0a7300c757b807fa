import type { Cluster } from '../../config/cluster.ts'
import { attribute, type Resources, ref } from '../cloudformation.ts'
import { keyArn, shared } from '../policies/function-policy.ts'

/** Logical id of the queue that keeps what a schedule could not start. */
export const missedRuns = 'MissedRuns'

const fortnightSeconds = 1_209_600

/** The topic of alarms and of runs that failed, and the queue of runs that no function took. */
export function notices(cluster: Cluster): Resources {
  return {
    [shared.alarmTopic]: {
      Type: 'AWS::SNS::Topic',
      Properties: {
        TopicName: `ballast-${cluster.name}-alarms`,
        KmsMasterKeyId: keyArn(cluster),
        Subscription: mailAddresses(cluster).map((Endpoint) => ({ Protocol: 'email', Endpoint })),
      },
    },
    AlarmTopicPolicy: {
      Type: 'AWS::SNS::TopicPolicy',
      Properties: { Topics: [ref(shared.alarmTopic)], PolicyDocument: alarmTopicPolicy },
    },
    [missedRuns]: {
      Type: 'AWS::SQS::Queue',
      Properties: {
        QueueName: `ballast-${cluster.name}-missed-runs`,
        MessageRetentionPeriod: fortnightSeconds,
        KmsMasterKeyId: keyArn(cluster),
      },
    },
  }
}

/** Where an alarm goes: the stack's own topic, and the topics of the definition in the same region. */
export function alarmActions({ alerts, region }: Cluster) {
  const topics = alerts.channels.flatMap((channel) => (channel.type === 'sns' ? [channel.topicArn] : []))
  return [ref(shared.alarmTopic), ...topics.filter((topic) => topic.split(':')[3] === region)]
}

/** The addresses of the mail channels: each confirms once, and is then told even when none of our functions runs. */
function mailAddresses({ alerts }: Cluster): string[] {
  return [...new Set(alerts.channels.flatMap((channel) => (channel.type === 'email' ? channel.to : [])))]
}

const alarmTopicPolicy = {
  Version: '2012-10-17',
  Statement: [
    {
      Sid: 'Alarms',
      Effect: 'Allow',
      Principal: { Service: 'cloudwatch.amazonaws.com' },
      Action: 'sns:Publish',
      Resource: ref(shared.alarmTopic),
      Condition: { StringEquals: { 'aws:SourceAccount': { Ref: 'AWS::AccountId' } } },
    },
    {
      Sid: 'EncryptedTransport',
      Effect: 'Deny',
      Principal: '*',
      Action: 'sns:Publish',
      Resource: ref(shared.alarmTopic),
      Condition: { Bool: { 'aws:SecureTransport': 'false' } },
    },
  ],
}

/** ARN of the queue of missed runs. */
export const missedRunsArn = attribute(missedRuns, 'Arn')
