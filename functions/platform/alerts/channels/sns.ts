import { PublishCommand, SNSClient } from '@aws-sdk/client-sns'
import type { AlertMessage } from '../compose.ts'
import type { Attempt, Delivery } from './attempt.ts'
import { awsClientSettings, sendOnce } from './aws.ts'

const longestSubject = 100

/** Publishes to a topic, with attributes that subscriptions can filter by. */
export async function sendToSns(delivery: Delivery, { topicArn }: { topicArn: string }): Promise<Attempt> {
  const { message } = delivery
  const region = topicArn.split(':')[3] ?? ''
  const client = new SNSClient(awsClientSettings(region, delivery.withinMs))
  const { severity, type, cluster, name } = message
  const publish = new PublishCommand({
    TopicArn: topicArn,
    Subject: asciiSubject(message),
    Message: message.text,
    MessageAttributes: {
      severity: attribute(severity),
      type: attribute(type),
      cluster: attribute(cluster),
      alert: attribute(name),
    },
  })
  const refusedHint = `Check that ${topicArn} exists, and allow sns:Publish on it.`
  return await sendOnce(delivery, client, refusedHint, (abortSignal) => client.send(publish, { abortSignal }))
}

function attribute(text: string) {
  return { DataType: 'String', StringValue: text }
}

/** SNS takes ASCII alone, of fewer than 100 characters: letters lose their accents. */
function asciiSubject({ title }: AlertMessage): string {
  const ascii = title
    .normalize('NFD')
    .replace(/\p{M}/gu, '')
    .replace(/[^ -~]/g, '?')
  return ascii.length < longestSubject ? ascii : `${ascii.slice(0, longestSubject - 4)}...`
}
