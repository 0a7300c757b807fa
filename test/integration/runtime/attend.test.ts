import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest'
import { type ClusterInput, defineCluster, env as envRef } from '../../../config/index.ts'
import type { ScheduledOperation } from '../../../config/timetable.ts'
import { Failure } from '../../../functions/platform/failure.ts'
import type { Outcome } from '../../../functions/platform/outcome.ts'
import { attend } from '../../../functions/runtime/attend/attend.ts'
import type { ScheduledRun, ScheduledWork } from '../../../functions/runtime/scheduled.ts'
import { type HttpReceiver, startHttpReceiver } from '../../support/http-receiver.ts'

let [directory, tests] = ['', 0]
let hook: HttpReceiver
let pings: HttpReceiver

beforeAll(async () => {
  directory = await mkdtemp(join(tmpdir(), 'ballast-attend-'))
  hook = await startHttpReceiver()
  pings = await startHttpReceiver()
})

beforeEach(() => {
  hook.reset()
  pings.reset()
  tests += 1
})

afterAll(async () => {
  await hook?.stop()
  await pings?.stop()
  await rm(directory, { recursive: true, force: true })
})

type Channels = NonNullable<NonNullable<ClusterInput['alerts']>['channels']>

function run(
  more: { env?: NodeJS.ProcessEnv; alertStore?: string; first?: Channels } = {},
): ScheduledRun & { notes: string[] } {
  const stores: ClusterInput['backup']['stores'] = [
    { type: 'file', name: 'disk', directory: more.alertStore ?? join(directory, String(tests)) },
  ]
  const cluster = defineCluster({
    ...{ name: 'shop', region: 'us-east-1' },
    nodes: [
      { name: 'app-1', role: 'docker', address: '10.0.0.10' },
      { name: 'db-1', role: 'primary', address: '10.0.0.11' },
    ],
    databases: [{ name: 'app', owner: 'app' }],
    firewall: { admin: ['203.0.113.7/32'], app: ['10.0.0.10/32'], replica: ['10.0.0.11/32'] },
    backup: { source: 'primary', stores, retention: { keep: { daily: 30 } } },
    freshness: { heartbeat: { url: envRef('PING_URL') } },
    alerts: {
      channels: [
        ...(more.first ?? []),
        { type: 'webhook', name: 'own', url: `${hook.url}/hook`, signingKey: envRef('HOOK_KEY') },
      ],
    },
  })
  const notes: string[] = []
  return {
    ...{ cluster, slot: 'daily', dueMs: 0, signal: new AbortController().signal, notes, note: (line) => notes.push(line) },
    env: more.env ?? { PING_URL: `${pings.url}/ping/1`, HOOK_KEY: 'key' },
  }
}

const good: Outcome = { operation: 'backup', subject: 'shop', ok: true, numbers: {} }
const goodWork: ScheduledWork = async () => good
const badWork: ScheduledWork = async () => {
  throw new Failure('the disk is on fire', { kind: 'permanent', subject: 'disk', hint: 'Put it out.', code: 'FIRE' })
}

function told(): { type: string; key: string }[] {
  return hook.requests.map(({ body }) => JSON.parse(body) as { type: string; key: string })
}

function pinged(): string[] {
  return pings.requests.map(({ path }) => path.replace(/\?.*/, '').replace('/ping/1', '') || '/')
}

test('a run that throws is a failed outcome; people hear of it, and of the end of it', async () => {
  const failing = run()
  const failed = await attend('backup', badWork, failing)
  expect(failed).toMatchObject({
    ...{ operation: 'backup', subject: 'shop/backup/daily', ok: false, details: { failedOn: 'disk' } },
    failure: { kind: 'permanent', message: 'the disk is on fire', hint: 'Put it out.', code: 'FIRE' },
  })
  expect(told()).toMatchObject([{ type: 'raise', key: 'shop/backup/daily' }])
  expect(await attend('backup', goodWork, { ...failing })).toBe(good)
  expect(told().at(-1)).toMatchObject({ type: 'recovery', key: 'shop/backup/daily' })
})

test.each<[ScheduledOperation, ScheduledWork, string[]]>([
  ['verify', goodWork, ['/start', '/']],
  ['verify', badWork, ['/start', '/fail']],
  ['backup', goodWork, []],
  ['backup', badWork, ['/start', '/fail']],
  ['freshness', badWork, []],
])('the switch hears of %s: what only a proof can say (%#)', async (operation, work, expected) => {
  await attend(operation, work, run())
  expect(pinged()).toEqual(expected)
  const failed = pings.requests.find(({ path }) => path.includes('/fail'))
  if (failed !== undefined) expect(failed.body).toContain('the disk is on fire')
})

test('what another run is doing is not told by this one', async () => {
  const busy = { ...good, numbers: { alreadyRunning: true } }
  expect(await attend('backup', async () => busy, run())).toBe(busy)
  expect([...told(), ...pinged()]).toEqual([])
})

test('a critical alert that nobody took makes the outcome say so, and never hides why the run failed', async () => {
  hook.always({ status: 403, body: 'no' })
  const outcome = await attend('backup', badWork, run())
  expect(outcome.failure).toMatchObject({ code: 'FIRE', message: 'the disk is on fire' })
  expect(outcome.details).toMatchObject({
    failedOn: 'disk',
    untold: [{ by: 'alerts', critical: true, message: expect.stringContaining('403') }],
  })
})

test('a channel that failed is said by the run, although the next one took the message', async () => {
  const key = envRef('HOOK_KEY')
  const first: Channels = [{ type: 'webhook', name: 'deaf', url: `${pings.url}/hook`, signingKey: key }]
  pings.always({ status: 403, body: 'no' })
  const outcome = await attend('retention', badWork, run({ first }))
  expect(told()).toMatchObject([{ type: 'raise' }])
  expect(outcome).toMatchObject({ failure: { code: 'FIRE' } })
  expect(outcome.details).toMatchObject({
    untold: [{ by: 'alerts', message: expect.stringMatching(/told by own, but: The channel "deaf" .*403/) }],
  })
  expect(outcome.details).not.toHaveProperty('untold.0.critical')
})

test('checks that fail are alerts, and one that nobody heard makes the run not well', async () => {
  const finding = { subject: 'db-2', name: 'lag', status: 'fail', finding: 'far behind', fix: 'Look.' }
  const unwell = {
    ...good,
    ok: false,
    failure: { kind: 'unwell' as const, message: 'lag', hint: 'h' },
    details: { checks: [finding] },
  }
  const polled = run()
  await attend('replication', async () => unwell, polled)
  expect(told()).toEqual([])
  await attend('replication', async () => unwell, polled)
  expect(told()).toMatchObject([{ type: 'raise', key: 'replication/db-2' }])
})

test('a heartbeat or a secret that fails is said, and the run is as well as it was', async () => {
  pings.always({ status: 404, body: 'not found' })
  const outcome = await attend('verify', goodWork, run())
  expect(outcome).toMatchObject({ ok: true, details: { untold: [{ by: 'heartbeat' }, { by: 'heartbeat' }] } })
  const noSecret = run({ env: { HOOK_KEY: 'key' } })
  expect(await attend('verify', goodWork, noSecret)).toMatchObject({ ok: true, details: { untold: [{ by: 'heartbeat' }] } })
  expect(noSecret.notes.join()).toContain('PING_URL')
})

test('alerts without their secret: the failed run still says why, and that nobody heard', async () => {
  const outcome = await attend('backup', badWork, run({ env: { PING_URL: `${pings.url}/ping/1` } }))
  expect(outcome.failure?.code).toBe('FIRE')
  expect(outcome.details).toMatchObject({
    untold: [{ by: 'alerts', critical: true, message: expect.stringContaining('HOOK_KEY') }],
  })
})
