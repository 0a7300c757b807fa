import { afterAll, afterEach, beforeAll, expect, test } from 'vitest'
import { beginHeartbeat } from '../../../functions/platform/heartbeat/heartbeat.ts'
import { holdSecret } from '../../../functions/platform/secrets/held-secret.ts'
import { beginDefinedHeartbeat } from '../../../functions/runtime/definition/defined-heartbeat.ts'
import { freePorts } from '../../../sandbox/free-port.ts'
import { type HttpReceiver, startHttpReceiver } from '../../support/http-receiver.ts'

const uuid = '5bf66975-d4c7-4bf5-bcc8-b8d8a82ea278'
const limits = { attempts: 2, attemptMs: 300, waitMs: 10 }
const well = { operation: 'verify', subject: 'shop/app', ok: true }
const failed = {
  ...{ operation: 'verify', subject: 'shop/app', ok: false },
  failure: { kind: 'unwell' as const, message: 'one table differs', hint: 'Restore an older set.' },
}

let receiver: HttpReceiver
beforeAll(async () => {
  receiver = await startHttpReceiver()
})
afterEach(() => receiver.reset())
afterAll(() => receiver?.stop())

const begin = (path = `/${uuid}`) => beginHeartbeat(holdSecret(`${receiver.url}${path}`), limits)

test('start and success carry one id, which no other run has', async () => {
  const heartbeat = await begin()
  await heartbeat.end(well)
  const { runId } = heartbeat
  expect(runId).toMatch(/^[0-9a-f]{8}-[0-9a-f]{4}-4[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/)
  expect(receiver.requests.map(({ method, path, body }) => [method, path, body])).toEqual([
    ['POST', `/${uuid}/start?rid=${runId}`, ''],
    ['POST', `/${uuid}?rid=${runId}`, 'verify shop/app: well\n'],
  ])
  expect((await begin()).runId).not.toBe(runId)
  expect(heartbeat.warnings).toEqual([])
})

test('a failure says what and what to do, at most 10 kB of it, and not the URL', async () => {
  const heartbeat = await begin()
  await heartbeat.end(failed)
  await heartbeat.end({ ...failed, failure: { ...failed.failure, message: `${'ã'.repeat(8_000)}` } })
  await heartbeat.end({ ...failed, failure: { ...failed.failure, message: `cannot reach ${receiver.url}/${uuid}` } })
  const [, first, long, own] = receiver.requests
  expect(first?.path).toBe(`/${uuid}/fail?rid=${heartbeat.runId}`)
  expect(first?.body).toBe('verify shop/app: unwell\none table differs\nRestore an older set.\n')
  expect(Buffer.byteLength(long?.body ?? '')).toBeLessThanOrEqual(10_000)
  expect(own?.body).not.toContain(uuid)
})

test.each([`/${uuid}/`, '/ping-key/slug?create=1'])('the URL may be written as %s', async (path) => {
  const heartbeat = await begin(path)
  await heartbeat.end(well)
  const [start, end] = receiver.requests.map((request) => new URL(request.path, receiver.url))
  expect(start?.pathname).toBe(`${end?.pathname}/start`)
  expect(start?.search).toBe(end?.search)
  expect(start?.searchParams.get('create')).toBe(new URL(path, receiver.url).searchParams.get('create'))
})

test.each<[string, Parameters<HttpReceiver['always']>[0], requests: number, string]>([
  ['an error', { status: 500 }, 2, 'status 500'],
  ['too many pings', { status: 429 }, 2, 'status 429'],
  ['too many pings, politely', { status: 200, body: 'OK (rate limited)' }, 1, 'status 200: OK (rate limited)'],
  ['no such check', { status: 404, body: 'not found' }, 1, 'status 404: not found'],
  ['no such check, politely', { status: 200, body: 'OK (not found)' }, 1, 'status 200: OK (not found)'],
  ['a broken connection', 'close', 2, 'could not be reached (UND_ERR_SOCKET)'],
  ['silence', 'hang', 2, 'did not answer in time'],
])('%s is a warning, and the run goes on', async (_, behaviour, requests, said) => {
  receiver.always(behaviour)
  const heartbeat = await begin()
  await heartbeat.end(well)
  expect(heartbeat.warnings.map(({ message }) => message)).toEqual([
    expect.stringContaining(said),
    expect.stringContaining(said),
  ])
  expect(heartbeat.warnings.every(({ hint }) => hint !== '')).toBe(true)
  // The secret is as good as it was.
  const blamed = heartbeat.warnings.some(({ hint }) => hint.includes('Copy the ping URL'))
  expect(blamed).toBe(said.includes('not found'))
  expect(receiver.requests.length).toBe(2 * requests)
  expect(JSON.stringify(heartbeat.warnings)).not.toContain(uuid)
})

test('an answer that repeats the URL is not repeated', async () => {
  receiver.always({ status: 404, body: `no check ${uuid} at ${receiver.url}/${uuid}` })
  expect(JSON.stringify((await begin()).warnings)).not.toContain(uuid)
})

test('a ping that passes at the second attempt is no warning', async () => {
  receiver.next({ status: 503 })
  expect((await begin()).warnings).toEqual([])
})

test.each(['not a url', 'http://127.0.0.1:port'])('a URL that is none (%s) is a warning without it', async (url) => {
  const heartbeat = await beginHeartbeat(holdSecret(url), limits)
  expect(heartbeat.warnings).toMatchObject([{ message: 'The heartbeat has a secret that is no URL' }])
})

test('a port that nobody listens on is a warning', async () => {
  const [port] = await freePorts(1)
  const { warnings } = await beginHeartbeat(holdSecret(`http://127.0.0.1:${port}/${uuid}`), limits)
  expect(warnings).toMatchObject([{ message: 'The heartbeat could not be reached (ECONNREFUSED); its start is lost' }])
})

type Freshness = Parameters<typeof beginDefinedHeartbeat>[0]['freshness']
const defined = (heartbeat: Freshness['heartbeat']) => ({ freshness: { heartbeat } as Freshness })

test('the definition says where, as a URL or as a secret', async () => {
  const url = `${receiver.url}/${uuid}`
  await (await beginDefinedHeartbeat(defined({ url, graceSeconds: 3600 }), {})).end(well)
  await (await beginDefinedHeartbeat(defined({ url: { env: 'HEARTBEAT' }, graceSeconds: 3600 }), { HEARTBEAT: url })).end(
    failed,
  )
  expect(receiver.requests.map(({ path }) => path.replace(/\?.*/, ''))).toEqual([
    ...[`/${uuid}/start`, `/${uuid}`, `/${uuid}/start`, `/${uuid}/fail`],
  ])
})

test('without a heartbeat nobody is pinged, and a secret that is missing is a warning', async () => {
  const none = await beginDefinedHeartbeat(defined(undefined), {})
  await none.end(well)
  expect(none.warnings).toEqual([])
  const missing = await beginDefinedHeartbeat(defined({ url: { env: 'HEARTBEAT' }, graceSeconds: 3600 }), {})
  await missing.end(well)
  expect(missing.warnings).toMatchObject([{ message: expect.stringContaining('"env HEARTBEAT" is not set') }])
  expect(receiver.requests).toEqual([])
})
