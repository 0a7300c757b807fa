import { createServer, type Server } from 'node:net'
import { afterEach, expect, test } from 'vitest'
import { deliver } from '../../../functions/platform/alerts/deliver.ts'
import type { AlertChannel, SmtpSettings } from '../../../functions/platform/alerts/settings.ts'
import { holdSecret } from '../../../functions/platform/secrets/held-secret.ts'
import { freePorts } from '../../../sandbox/free-port.ts'
import { alertMessage, quickLimits } from '../../support/alert-messages.ts'
import { type MailReceiver, type MailReceiverOptions, startMailReceiver } from '../../support/mail-receiver.ts'

const login = { user: 'ballast@example.com', password: 'correct horse' }
const running: MailReceiver[] = []
const silent: Server[] = []
const limits = { ...quickLimits, attemptMs: 5_000, deliveryMs: 20_000 }

async function start(options: Partial<MailReceiverOptions> = {}): Promise<MailReceiver> {
  const receiver = await startMailReceiver({ ...login, ...options })
  running.push(receiver)
  return receiver
}

afterEach(async () => {
  for (const receiver of running.splice(0)) await receiver.stop()
  for (const server of silent.splice(0)) server.close()
})

/** A port where every connection is accepted, and nothing is ever said. */
async function silentPort(): Promise<number> {
  const server = createServer((socket) => socket.on('error', () => undefined).resume())
  silent.push(server)
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  const address = server.address()
  return address !== null && typeof address === 'object' ? address.port : 0
}

function channel(
  { port, rootCertificate }: Pick<MailReceiver, 'port' | 'rootCertificate'>,
  smtp: Partial<SmtpSettings> = {},
  to = ['ops@example.com'],
): AlertChannel {
  return {
    ...{ type: 'email', name: 'team-mail', from: 'ballast@example.com', to, region: 'sa-east-1' },
    smtp: {
      ...{ host: 'localhost', port, tls: 'starttls', rootCertificate },
      login: { user: login.user, password: holdSecret(login.password) },
      ...smtp,
    },
  }
}

test.each(['starttls', 'implicit'] as const)('mail goes out over TLS (%s), after a log-in', async (tls) => {
  const receiver = await start({ implicit: tls === 'implicit' })
  const report = await deliver(channel(receiver, { tls }), alertMessage(), limits)
  expect(report).toEqual({ channel: 'team-mail', delivered: true, attempts: 1 })
  const [mail] = receiver.mails
  expect(mail).toMatchObject({ from: 'ballast@example.com', to: ['ops@example.com'], secure: true, user: login.user })
  // The subject is UTF-8 in the form that mail headers have for it.
  expect(mail?.content).toContain('Subject: =?UTF-8?Q?=5Bshop=5D_ALERTA_=28cr=C3=ADtico=29')
  expect(mail?.content).toContain('Auto-Submitted: auto-generated')
  expect(mail?.content).toContain('64 MB behind <db-1> & more')
})

test('a server without TLS gets neither log-in nor mail', async () => {
  const receiver = await start({ plain: true })
  const report = await deliver(channel(receiver), alertMessage(), limits)
  expect(report).toMatchObject({ delivered: false, attempts: 1, failure: { kind: 'permanent' } })
  expect(report.failure?.hint).toContain('must offer TLS')
  expect(receiver.mails).toEqual([])
})

test('a certificate that nobody vouches for is refused', async () => {
  const receiver = await start()
  const report = await deliver(channel(receiver, { rootCertificate: undefined }), alertMessage(), limits)
  expect(report).toMatchObject({ delivered: false, attempts: 1, failure: { kind: 'permanent' } })
  expect(report.failure?.hint).toContain('root certificate')
  expect(receiver.mails).toEqual([])
})

test('a root certificate that is not there is a mistake of the set-up', async () => {
  const receiver = await start()
  const report = await deliver(channel(receiver, { rootCertificate: '/nonexistent.crt' }), alertMessage(), limits)
  expect(report).toMatchObject({ delivered: false, attempts: 1, failure: { kind: 'config' } })
  expect(report.failure?.message).toContain('cannot read /nonexistent.crt (ENOENT)')
})

test('a wrong password is not repeated, neither to the server nor to anybody', async () => {
  const receiver = await start({ echoLogin: true })
  const wrong = { user: login.user, password: holdSecret('battery/staple') }
  const report = await deliver(channel(receiver, { login: wrong }), alertMessage(), limits)
  expect(report).toMatchObject({ delivered: false, attempts: 1, failure: { kind: 'permanent', code: 'Smtp535' } })
  expect(report.failure?.message).toContain('[redacted]')
  const base64 = Buffer.from(`\0${login.user}\0battery/staple`).toString('base64')
  for (const form of ['battery', base64]) expect(JSON.stringify(report)).not.toContain(form)
})

test('a server that asks to come back later is asked again', async () => {
  const receiver = await start()
  receiver.refuse({ responseCode: 451, message: 'greylisted' })
  expect(await deliver(channel(receiver), alertMessage(), limits)).toMatchObject({ delivered: true, attempts: 2 })
})

test('a server that refuses for good is not', async () => {
  const receiver = await start()
  receiver.refuse({ responseCode: 554, message: 'looks like spam' })
  const report = await deliver(channel(receiver), alertMessage(), limits)
  expect(report).toMatchObject({ delivered: false, attempts: 1, failure: { kind: 'permanent', code: 'Smtp554' } })
  expect(report.failure?.message).toContain('554 looks like spam')
})

test('of several recipients one may be refused, which is said', async () => {
  const receiver = await start()
  const report = await deliver(channel(receiver, {}, ['ops@example.com', 'nobody@example.com']), alertMessage(), limits)
  expect(report).toMatchObject({ delivered: true, note: 'the server refused nobody@example.com' })
  expect(receiver.mails.map(({ to }) => to)).toEqual([['ops@example.com']])
})

test('a server that says nothing is given up', async () => {
  const receiver = await start()
  const port = await silentPort()
  const report = await deliver(channel({ ...receiver, port }), alertMessage(), { ...limits, attempts: 2, attemptMs: 300 })
  expect(report).toMatchObject({ delivered: false, attempts: 2, failure: { kind: 'transient', code: 'TimeoutError' } })
})

test('a port that nobody listens on is tried again', async () => {
  const receiver = await start()
  const [port = 0] = await freePorts(1)
  const report = await deliver(channel({ ...receiver, port }), alertMessage(), { ...limits, attempts: 2 })
  expect(report).toMatchObject({ delivered: false, attempts: 2, failure: { kind: 'transient', code: 'ECONNREFUSED' } })
})
