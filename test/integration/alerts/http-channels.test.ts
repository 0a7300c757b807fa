import { createHmac } from 'node:crypto'
import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest'
import { deliver } from '../../../functions/platform/alerts/deliver.ts'
import type { AlertChannel } from '../../../functions/platform/alerts/settings.ts'
import { holdSecret } from '../../../functions/platform/secrets/held-secret.ts'
import { freePorts } from '../../../sandbox/free-port.ts'
import { alertMessage, quickLimits } from '../../support/alert-messages.ts'
import { type Behaviour, type HttpReceiver, startHttpReceiver } from '../../support/http-receiver.ts'

let receiver: HttpReceiver
beforeAll(async () => {
  receiver = await startHttpReceiver()
})
afterEach(() => receiver.reset())
afterAll(() => receiver?.stop())

const signingKey = 'a-key-of-their-own'
const slack = (): AlertChannel => ({ type: 'slack', name: 'chat', webhook: holdSecret(`${receiver.url}/services/T0/B0/xyzzy`) })
const pagerduty = (): AlertChannel => {
  return { type: 'pagerduty', name: 'on-call', routingKey: holdSecret('routing-key-0123'), endpoint: receiver.url }
}
const webhook = (key = signingKey): AlertChannel => {
  return { type: 'webhook', name: 'own', url: `${receiver.url}/hooks/ballast`, signingKey: holdSecret(key) }
}
const body = (index = 0) => JSON.parse(receiver.requests[index]?.body ?? '')

describe('Slack', () => {
  test('gets title and text, with its three special letters escaped', async () => {
    expect(await deliver(slack(), alertMessage(), quickLimits)).toEqual({ channel: 'chat', delivered: true, attempts: 1 })
    const [request] = receiver.requests
    expect(request).toMatchObject({ method: 'POST', path: '/services/T0/B0/xyzzy' })
    expect(request?.headers['content-type']).toBe('application/json')
    expect(body()).toEqual({
      text: expect.stringMatching(
        /^\*\[shop\] ALERTA \(crítico\): replication-lag - db-2\*\n64 MB behind &lt;db-1&gt; &amp; more\n/,
      ),
      unfurl_links: false,
    })
  })

  test('a secret that is no URL is a mistake of the set-up, and not repeated', async () => {
    const report = await deliver(
      { type: 'slack', name: 'chat', webhook: holdSecret('xoxb-not-a-url') },
      alertMessage(),
      quickLimits,
    )
    expect(report).toMatchObject({ delivered: false, attempts: 1, failure: { kind: 'config' } })
    expect(JSON.stringify(report)).not.toContain('xoxb')
  })
})

describe('PagerDuty', () => {
  test('triggers and resolves one incident per alert', async () => {
    receiver.always({ status: 202, body: '{"status":"success"}' })
    await deliver(pagerduty(), alertMessage(), quickLimits)
    await deliver(pagerduty(), alertMessage({ type: 'recovery' }), quickLimits)
    expect(receiver.requests.map(({ path }) => path)).toEqual(['/v2/enqueue', '/v2/enqueue'])
    expect(body(0)).toMatchObject({
      ...{ routing_key: 'routing-key-0123', event_action: 'trigger', dedup_key: 'ballast/shop/replication-lag/db-2' },
      payload: { source: 'shop', severity: 'critical', component: 'db-2', class: 'replication-lag' },
      links: [{ href: 'https://wiki.example.com/runbooks/replication-lag' }],
    })
    expect(body(0).payload).toMatchObject({ timestamp: '2026-11-22T06:00:00.000Z' })
    expect(body(1)).toEqual({
      ...{ routing_key: 'routing-key-0123', event_action: 'resolve', dedup_key: 'ballast/shop/replication-lag/db-2' },
    })
  })

  test('stays within the limits of the API', async () => {
    const long = alertMessage({ key: 'k'.repeat(300), summary: 's'.repeat(3000) })
    await deliver(pagerduty(), long, quickLimits)
    await deliver(pagerduty(), { ...long, key: `${'k'.repeat(300)}x` }, quickLimits)
    expect(body(0).dedup_key.length).toBeLessThanOrEqual(255)
    expect(body(0).dedup_key).not.toBe(body(1).dedup_key)
    expect(body(0).payload.summary.length).toBe(1024)
  })
})

describe("a receiver of the team's own", () => {
  /** As docs/alerts.md shows it to whoever writes a receiver. */
  function verify(key: Buffer, index: number): boolean {
    const { headers, body: sent = '' } = receiver.requests[index] ?? {}
    const signed = `${headers?.['webhook-id']}.${headers?.['webhook-timestamp']}.${sent}`
    return headers?.['webhook-signature'] === `v1,${createHmac('sha256', key).update(signed).digest('base64')}`
  }

  test('can tell that the message is ours, fresh, and unchanged', async () => {
    await deliver(webhook(), alertMessage(), quickLimits)
    expect(verify(Buffer.from(signingKey), 0)).toBe(true)
    expect(verify(Buffer.from('another key'), 0)).toBe(false)
    const { headers } = receiver.requests[0] ?? {}
    expect(Math.abs(Number(headers?.['webhook-timestamp']) - Date.now() / 1000)).toBeLessThan(60)
    expect(body()).toMatchObject({
      ...{ format: 1, id: headers?.['webhook-id'], type: 'raise', cluster: 'shop', key: 'replication-lag/db-2' },
      ...{
        severity: 'critical',
        since: '2026-11-22T06:00:00.000Z',
        runbook: 'https://wiki.example.com/runbooks/replication-lag',
      },
    })
  })

  test('gets a repetition under the same id, signed anew', async () => {
    receiver.next({ status: 503 })
    await deliver(webhook(), alertMessage(), quickLimits)
    await deliver(webhook(), alertMessage(), quickLimits)
    const ids = receiver.requests.map(({ headers }) => headers['webhook-id'])
    expect([ids[0] === ids[1], ids[1] === ids[2]]).toEqual([true, false])
    expect([0, 1, 2].map((index) => verify(Buffer.from(signingKey), index))).toEqual([true, true, true])
  })

  test('may use a key as the specification writes it', async () => {
    const bytes = Buffer.from('twenty-four random bytes')
    await deliver(webhook(`whsec_${bytes.toString('base64')}`), alertMessage(), quickLimits)
    expect(verify(bytes, 0)).toBe(true)
  })
})

const faults: [string, Behaviour, Record<string, unknown>, attempts: number][] = [
  ['answers 500', { status: 500, body: 'oops\nat line 1' }, { kind: 'transient', code: 'Http500' }, 3],
  ['answers 429', { status: 429 }, { kind: 'transient', code: 'Http429' }, 3],
  ['answers 400', { status: 400, body: 'invalid_payload' }, { kind: 'permanent', code: 'Http400' }, 1],
  ['answers 404', { status: 404, body: 'no_service' }, { kind: 'permanent', code: 'Http404' }, 1],
  ['closes the connection', 'close', { kind: 'transient', code: 'UND_ERR_SOCKET' }, 3],
  ['does not answer', 'hang', { kind: 'transient', code: 'TimeoutError' }, 3],
]

describe.each<[string, () => AlertChannel]>([
  ['slack', slack],
  ['pagerduty', pagerduty],
  ['webhook', () => webhook()],
])('%s, when the receiver', (_, channel) => {
  test.each(faults)('%s', async (_name, behaviour, failure, attempts) => {
    receiver.always(behaviour)
    const limits = { ...quickLimits, attemptMs: 200 }
    const report = await deliver(channel(), alertMessage(), limits)
    expect(report).toMatchObject({ channel: channel().name, delivered: false, attempts, failure })
    expect(report.failure?.message).toContain(`The channel "${channel().name}" `)
    expect(report.failure?.hint).not.toBe('')
    expect(receiver.requests.length).toBe(attempts)
  })
})

test('what passes is delivered in the end', async () => {
  receiver.next({ status: 500 }, 'close')
  expect(await deliver(slack(), alertMessage(), quickLimits)).toMatchObject({ delivered: true, attempts: 3 })
})

test('a redirect is not followed: the message and its signature are for one address', async () => {
  receiver.next({ status: 307, headers: { location: `${receiver.url}/elsewhere` } })
  const report = await deliver(webhook(), alertMessage(), quickLimits)
  expect(report).toMatchObject({ delivered: false, attempts: 1, failure: { kind: 'permanent', code: 'Http307' } })
  expect(receiver.requests.map(({ path }) => path)).toEqual(['/hooks/ballast'])
})

test('Retry-After is waited for, where the time allows it', async () => {
  receiver.next({ status: 429, headers: { 'retry-after': '1' } })
  expect(await deliver(slack(), alertMessage(), quickLimits)).toMatchObject({ delivered: true, attempts: 2 })
  const [first, second] = receiver.requests
  expect((second?.atMs ?? 0) - (first?.atMs ?? 0)).toBeGreaterThanOrEqual(950)
})

test('a Retry-After beyond the limit ends the attempts at once', async () => {
  receiver.next({ status: 503, headers: { 'retry-after': '3600' } })
  const report = await deliver(slack(), alertMessage(), quickLimits)
  expect(report).toMatchObject({ delivered: false, attempts: 1, failure: { code: 'Http503' } })
})

test('of an endless answer only the start is read', async () => {
  receiver.next({ status: 400, body: 'x'.repeat(5_000_000) })
  const report = await deliver(slack(), alertMessage(), quickLimits)
  expect(report.failure?.message).toMatch(/: x{200}$/)
})

test('a port that nobody listens on is no answer', async () => {
  const [port] = await freePorts(1)
  const webhook = holdSecret(`http://127.0.0.1:${port}/services/xyzzy`)
  const nobody: AlertChannel = { type: 'slack', name: 'chat', webhook }
  const report = await deliver(nobody, alertMessage(), quickLimits)
  expect(report).toMatchObject({ delivered: false, attempts: 3, failure: { kind: 'transient', code: 'ECONNREFUSED' } })
  expect(JSON.stringify(report)).not.toContain('xyzzy')
})

test('a run that is stopped does not wait for the next attempt', async () => {
  receiver.always('hang')
  const stop = new AbortController()
  const delivering = deliver(slack(), alertMessage(), { ...quickLimits, attemptMs: 60_000, deliveryMs: 60_000 }, stop.signal)
  while (receiver.requests.length === 0) await new Promise((resolve) => setTimeout(resolve, 5))
  stop.abort()
  expect(await delivering).toMatchObject({ delivered: false, attempts: 1 })
})
