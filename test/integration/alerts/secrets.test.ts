import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { inspect } from 'node:util'
import { afterAll, afterEach, beforeAll, expect, test } from 'vitest'
import { notify } from '../../../functions/platform/alerts/notify.ts'
import { notifyChecks } from '../../../functions/platform/alerts/notify-report.ts'
import { sendTest } from '../../../functions/platform/alerts/send-test.ts'
import type { AlertChannel, AlertSettings } from '../../../functions/platform/alerts/settings.ts'
import { openStore } from '../../../functions/platform/object-store/open-store.ts'
import { holdSecret } from '../../../functions/platform/secrets/held-secret.ts'
import { freePorts } from '../../../sandbox/free-port.ts'
import { quickLimits } from '../../support/alert-messages.ts'
import { type HttpReceiver, startHttpReceiver } from '../../support/http-receiver.ts'
import { type MailReceiver, startMailReceiver } from '../../support/mail-receiver.ts'
import { observed, twoOfThree } from '../../support/observations.ts'

/** What must be seen nowhere: each of them is in what its channel sends. */
const secrets = {
  path: 'B0SLACKPATH/xyzzyxyzzy',
  routingKey: 'r0utingkeyr0utingkey',
  signingKey: 'signing+key/with=signs',
  password: 'correct horse "battery"',
}
const forms = Object.values(secrets).flatMap((secret) => [
  ...[secret, encodeURIComponent(secret), JSON.stringify(secret).slice(1, -1), Buffer.from(secret).toString('base64')],
  ...secret.split(/[/ ]/),
])

let receiver: HttpReceiver
let mail: MailReceiver
let directory = ''

beforeAll(async () => {
  receiver = await startHttpReceiver()
  mail = await startMailReceiver({ user: 'ballast@example.com', password: 'another one', echoLogin: true })
  directory = await mkdtemp(join(tmpdir(), 'ballast-secrets-'))
})
afterEach(() => receiver.reset())
afterAll(async () => {
  await receiver?.stop()
  await mail?.stop()
  await rm(directory, { recursive: true, force: true })
})

function settingsFor(url: string, smtpPort: number, trusted: boolean): AlertSettings {
  const login = { user: 'ballast@example.com', password: holdSecret(secrets.password) }
  const certificate = trusted ? { rootCertificate: mail.rootCertificate } : {}
  const channels: AlertChannel[] = [
    { type: 'slack', name: 'chat', webhook: holdSecret(`${url}/services/T0/${secrets.path}`) },
    { type: 'pagerduty', name: 'on-call', routingKey: holdSecret(secrets.routingKey), endpoint: url },
    { type: 'webhook', name: 'own', url: `${url}/hook`, signingKey: holdSecret(secrets.signingKey) },
    {
      ...{ type: 'email', name: 'mail', from: 'ballast@example.com', to: ['ops@example.com'], region: 'us-east-1' },
      smtp: { host: 'localhost', port: smtpPort, tls: 'starttls', login, ...certificate },
    },
  ]
  const order = { critical: channels.map(({ name }) => name), warning: [] }
  return { ...twoOfThree, cluster: 'shop', language: 'en', channels, order }
}

/** Everything that could be printed of a failed delivery through each channel. */
async function printed(settings: AlertSettings): Promise<string> {
  const limits = { ...quickLimits, attempts: 2, attemptMs: 3_000 }
  const store = openStore({ type: 'file', directory: join(directory, String(Math.random())) })
  const context = { store, stateKey: 'shop/.ballast/alerts.json', nowMs: Date.now(), limits }
  const report = await notify([observed('critical', { immediate: true })], settings, context)
  const names = settings.channels.map(({ name }) => name)
  const tests = await sendTest(settings, names, { severity: 'critical', nowMs: Date.now(), limits })
  expect(report.events[0]?.deliveries.map(({ delivered }) => delivered)).toEqual([false, false, false, false])
  expect(tests.map(({ delivered }) => delivered)).toEqual([false, false, false, false])
  const state = Buffer.from((await store.readSmall(context.stateKey))?.bytes ?? []).toString()
  const all = [settings, report, notifyChecks(report), tests, state]
  return all.map((thing) => `${JSON.stringify(thing)}\n${inspect(thing, { depth: 20, showHidden: true })}`).join('\n')
}

function expectNoSecret(text: string): void {
  expect(text).toContain('The channel')
  expect(forms.filter((form) => text.includes(form))).toEqual([])
}

test.each([500, 429, 400, 403])('answers with status %i that repeat what they were sent are not repeated', async (status) => {
  receiver.always({ status, echo: true })
  expectNoSecret(await printed(settingsFor(receiver.url, mail.port, true)))
})

test('connections that break say nothing of where they went', async () => {
  receiver.always('close')
  expectNoSecret(await printed(settingsFor(receiver.url, mail.port, false)))
})

test('ports that nobody listens on say nothing either', async () => {
  const [http, smtp = 0] = await freePorts(2)
  expectNoSecret(await printed(settingsFor(`http://127.0.0.1:${http}`, smtp, true)))
})

test('an address that fetch refuses, with a text that holds it, is not repeated', async () => {
  const url = `http://user:${encodeURIComponent(secrets.password)}@127.0.0.1:1`
  expectNoSecret(await printed(settingsFor(url, mail.port, true)).then((text) => text.replaceAll(url, '')))
})
