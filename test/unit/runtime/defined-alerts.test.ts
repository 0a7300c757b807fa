import { inspect } from 'node:util'
import { expect, test } from 'vitest'
import { defineCluster } from '../../../config/index.ts'
import { alertSettings } from '../../../functions/runtime/definition/defined-alerts.ts'
import { changed, sample } from '../config/sample.ts'

const channels = [
  { type: 'sns', name: 'topic', topicArn: 'arn:aws:sns:sa-east-1:123456789012:ballast' },
  { type: 'slack', name: 'chat', webhook: { env: 'SLACK' } },
  { type: 'pagerduty', name: 'on-call', routingKey: { env: 'PAGERDUTY' } },
  { type: 'pagerduty', name: 'on-call-eu', routingKey: { env: 'PAGERDUTY' }, region: 'eu' },
  { type: 'webhook', name: 'own', url: 'https://ops.example.com/hook', signingKey: { env: 'KEY' } },
  { type: 'email', name: 'ses', from: 'a@example.com', to: ['b@example.com'] },
  {
    ...{ type: 'email', name: 'mail', from: 'a@example.com', to: ['b@example.com'] },
    smtp: { host: 'smtp.example.com', user: 'a@example.com', password: { env: 'SMTP' }, rootCertificate: '/etc/root.crt' },
  },
  { ...{ type: 'email', name: 'relay', from: 'a@example.com', to: ['b@example.com'] }, smtp: { host: 'relay.example.com' } },
]
const env = { SLACK: 'https://hooks.example.com/xyzzy', PAGERDUTY: 'pd-xyzzy', KEY: 'key-xyzzy', SMTP: 'smtp-xyzzy' }

function defined(alerts: Record<string, unknown>) {
  return defineCluster(changed(sample, { region: 'sa-east-1', alerts }) as unknown as Parameters<typeof defineCluster>[0])
}

test('every channel of a definition gets what it needs, and nothing prints a secret', async () => {
  const settings = await alertSettings(defined({ channels, critical: ['on-call'], language: 'pt-BR' }), env)
  expect(settings).toMatchObject({
    ...{ cluster: 'shop', language: 'pt-BR', raiseAfter: 2, outOf: 3, remindEverySeconds: 14_400, recovery: true },
    order: { critical: ['on-call'], warning: channels.map(({ name }) => name) },
    channels: [
      { type: 'sns', topicArn: 'arn:aws:sns:sa-east-1:123456789012:ballast' },
      { type: 'slack', name: 'chat' },
      { type: 'pagerduty', endpoint: 'https://events.pagerduty.com' },
      { type: 'pagerduty', endpoint: 'https://events.eu.pagerduty.com' },
      { type: 'webhook', url: 'https://ops.example.com/hook' },
      { type: 'email', name: 'ses', region: 'sa-east-1' },
      {
        smtp: {
          host: 'smtp.example.com',
          port: 587,
          tls: 'starttls',
          rootCertificate: '/etc/root.crt',
          login: { user: 'a@example.com' },
        },
      },
      { smtp: { host: 'relay.example.com', port: 587 } },
    ],
  })
  const [, slack, pagerduty, , webhook, , mail, relay] = settings.channels
  expect([
    slack?.type === 'slack' && slack.webhook.reveal(),
    pagerduty?.type === 'pagerduty' && pagerduty.routingKey.reveal(),
    webhook?.type === 'webhook' && webhook.signingKey.reveal(),
    mail?.type === 'email' && mail.smtp?.login?.password.reveal(),
    relay?.type === 'email' && relay.smtp?.login,
  ]).toEqual([env.SLACK, env.PAGERDUTY, env.KEY, env.SMTP, undefined])
  expect(JSON.stringify(settings) + inspect(settings, { depth: 20, showHidden: true })).not.toContain('xyzzy')
})

test('a secret that is missing leaves its channel in place, unusable', async () => {
  const { SLACK: _missing, ...rest } = env
  const settings = await alertSettings(defined({ channels }), rest)
  expect(settings.channels.map(({ type }) => type)).toEqual([
    ...['sns', 'unusable', 'pagerduty', 'pagerduty', 'webhook', 'email', 'email', 'email'],
  ])
  expect(settings.channels[1]).toMatchObject({ name: 'chat', failure: { kind: 'config', subject: 'env SLACK' } })
})
