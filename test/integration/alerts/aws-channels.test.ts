import { randomUUID } from 'node:crypto'
import { CreateEmailIdentityCommand, SESv2Client } from '@aws-sdk/client-sesv2'
import { CreateTopicCommand, SNSClient, SubscribeCommand } from '@aws-sdk/client-sns'
import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest'
import { deliver } from '../../../functions/platform/alerts/deliver.ts'
import type { AlertChannel } from '../../../functions/platform/alerts/settings.ts'
import { alertMessage, quickLimits } from '../../support/alert-messages.ts'
import { type HttpReceiver, startHttpReceiver } from '../../support/http-receiver.ts'
import { type Moto, startMoto } from '../../support/moto.ts'

const limits = { ...quickLimits, attemptMs: 10_000, deliveryMs: 30_000 }
let moto: Moto
let receiver: HttpReceiver
let topicArn = ''

/** A new topic whose messages go to the receiver. */
async function topicWith(Attributes: Record<string, string>): Promise<string> {
  const sns = new SNSClient({})
  const { TopicArn = '' } = await sns.send(new CreateTopicCommand({ Name: `ballast-${randomUUID()}` }))
  await sns.send(new SubscribeCommand({ TopicArn, Protocol: 'http', Endpoint: receiver.url, Attributes }))
  return TopicArn
}

/** What the topics' subscribers were told. */
function notifications(): { Subject: string; Message: string }[] {
  return receiver.requests.map(({ body }) => JSON.parse(body)).filter(({ Type }) => Type === 'Notification')
}

beforeAll(async () => {
  moto = await startMoto()
  receiver = await startHttpReceiver()
  topicArn = await topicWith({})
  await new SESv2Client({}).send(new CreateEmailIdentityCommand({ EmailIdentity: 'ballast@example.com' }))
})
afterEach(() => {
  receiver.reset()
  process.env.AWS_ENDPOINT_URL = moto.endpoint
})
afterAll(async () => {
  await receiver?.stop()
  await moto?.stop()
})

describe('SNS', () => {
  const sns = (arn = topicArn): AlertChannel => ({ type: 'sns', name: 'ops-topic', topicArn: arn })

  test("reaches the topic's subscribers, with a subject as SNS takes it", async () => {
    receiver.always({ status: 200 })
    expect(await deliver(sns(), alertMessage(), limits)).toEqual({ channel: 'ops-topic', delivered: true, attempts: 1 })
    expect(notifications()[0]).toMatchObject({
      Subject: '[shop] ALERTA (critico): replication-lag - db-2',
      Message: expect.stringContaining('O que fazer: Look at the network.'),
    })
  })

  test('subscriptions can filter by severity, kind, cluster and name of the alert', async () => {
    const filter = { severity: ['critical'], type: ['raise'], cluster: ['shop'], alert: ['replication-lag'] }
    const arn = await topicWith({ FilterPolicy: JSON.stringify(filter) })
    for (const event of [{ severity: 'warning' }, { type: 'recovery' }, { name: 'slot' }] as const) {
      expect(await deliver(sns(arn), alertMessage(event), limits)).toMatchObject({ delivered: true })
    }
    expect(notifications()).toEqual([])
    await deliver(sns(arn), alertMessage(), limits)
    expect(notifications().length).toBe(1)
  })

  test('a subject that is too long is cut', async () => {
    await deliver(sns(), alertMessage({ subject: 'x'.repeat(150) }), limits)
    const [{ Subject: subject } = { Subject: '' }] = notifications()
    expect(subject).toMatch(/^\[shop\] ALERTA.*x\.\.\.$/)
    expect(subject.length).toBeLessThan(100)
  })

  test('a topic that does not exist is refused once', async () => {
    const report = await deliver(sns(`${topicArn}-gone`), alertMessage(), limits)
    expect(report).toMatchObject({ delivered: false, attempts: 1, failure: { kind: 'permanent', code: 'NotFoundException' } })
    expect(report.failure?.hint).toContain(`${topicArn}-gone`)
  })
})

describe('SES', () => {
  const ses = (from = 'ballast@example.com'): AlertChannel => {
    return { type: 'email', name: 'team-mail', from, to: ['ops@example.com', 'dba@example.com'], region: 'us-east-1' }
  }

  test('sends mail in UTF-8', async () => {
    expect(await deliver(ses(), alertMessage(), limits)).toEqual({ channel: 'team-mail', delivered: true, attempts: 1 })
    const { Message } = (await moto.state('ses')) as { Message: unknown[] }
    expect(Message).toMatchObject([
      {
        source: 'ballast@example.com',
        destinations: { ToAddresses: ['ops@example.com', 'dba@example.com'] },
        subject: '[shop] ALERTA (crítico): replication-lag - db-2',
        body: expect.stringContaining('64 MB behind <db-1> & more'),
      },
    ])
  })

  test('a sender that is not verified is refused once, and the fix says so', async () => {
    const report = await deliver(ses('stranger@example.com'), alertMessage(), limits)
    expect(report).toMatchObject({ delivered: false, attempts: 1, failure: { kind: 'permanent', code: 'MessageRejected' } })
    expect(report.failure?.hint).toContain('Verify stranger@example.com in Amazon SES in us-east-1')
  })
})

describe.each<[string, () => AlertChannel]>([
  ['SNS', () => ({ type: 'sns', name: 'aws', topicArn })],
  ['SES', () => ({ type: 'email', name: 'aws', from: 'ballast@example.com', to: ['ops@example.com'], region: 'us-east-1' })],
])('%s, where AWS', (_, channel) => {
  test.each([
    ['has an error', { status: 500, body: '{}' }, 'transient', 3],
    ['throttles', { status: 429, body: '{}' }, 'transient', 3],
    ['denies', { status: 403, body: '{}' }, 'permanent', 1],
  ] as const)('%s', async (_name, answer, kind, attempts) => {
    process.env.AWS_ENDPOINT_URL = receiver.url
    receiver.always(answer)
    expect(await deliver(channel(), alertMessage(), limits)).toMatchObject({ delivered: false, attempts, failure: { kind } })
    expect(receiver.requests.length).toBe(attempts)
  })

  test('does not answer', async () => {
    process.env.AWS_ENDPOINT_URL = receiver.url
    receiver.always('hang')
    const report = await deliver(channel(), alertMessage(), { ...limits, attempts: 2, attemptMs: 300 })
    expect(report).toMatchObject({ delivered: false, attempts: 2, failure: { kind: 'transient', code: 'TimeoutError' } })
  })
})
