import { chmod, readdir, rename, rm } from 'node:fs/promises'
import { join } from 'node:path'
import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest'
import { type LambdaOperation, lambdaOperations } from '../../../serverless/functions.ts'
import { LambdaBench } from '../../support/lambda-bench.ts'
import { lambdaSecrets } from '../../support/lambda-definition.ts'
import { startLambdaFunction } from '../../support/lambda-function.ts'
import { createLambdaLayout, nameless } from '../../support/lambda-layout.ts'
import { startMoto } from '../../support/moto.ts'
import {
  createIdleMachine,
  expectLeastMachine,
  giveUpStepByStep,
  handOver,
  makeStepByStep,
} from '../../support/step-by-step.ts'

const database = 'lambda_functions'
const prefix = 'lambda/functions'
type Operation = LambdaOperation

let bench: LambdaBench
let scene: LambdaBench['scene']
let sandbox: LambdaBench['scene']['sandbox']
let proxy: LambdaBench['scene']['proxy']
let objects: LambdaBench['objects']
/** Those that there are where the store is not Amazon's. */
let operations: readonly Operation[]

const hourMs = 3_600_000
const dueAt = (hoursAgo: number): string => new Date(Math.floor(Date.now() / 60_000) * 60_000 - hoursAgo * hourMs).toISOString()

beforeAll(async () => {
  bench = await LambdaBench.start(database, prefix)
  scene = bench.scene
  sandbox = scene.sandbox
  proxy = scene.proxy
  objects = bench.objects
  operations = bench.own.operations
})
afterAll(() => scene?.stop())
beforeEach(() => bench.clear())

const invoke = (...args: Parameters<LambdaBench['invoke']>) => bench.invoke(...args)

test('an event that is none is refused by its path, before anything is touched', async () => {
  const invoked = await invoke('backup', { slot: 'weekly', due: 'soon' })
  expect(invoked).toMatchObject({ type: 'error', errorType: 'ConfigFailure' })
  expect(invoked).toHaveProperty('errorMessage', expect.stringContaining('event.due: is no instant such as'))
  const other = await invoke('backup', { slot: 'weekly' })
  expect(other).toHaveProperty(
    'errorMessage',
    expect.stringContaining("event.slot: no slot is named 'weekly'; use one of daily"),
  )
  expect(proxy.requests).toEqual([])
})

test('a secret that is not there is named, and nothing is stored', async () => {
  const empty = await startMoto()
  try {
    const invoked = await invoke('backup', { slot: 'daily', due: dueAt(5) }, undefined, empty)
    expect(invoked).toMatchObject({ type: 'error', errorType: 'ConfigFailure' })
    expect(invoked).toHaveProperty('errorMessage', expect.stringContaining(lambdaSecrets.store))
    expect(proxy.requests).toEqual([])
  } finally {
    await empty.stop()
  }
})

test('a store that refuses ends as a permanent failure, with nothing published and no upload left', async () => {
  proxy.inject({ operation: 'UploadPart', times: 100, fault: { type: 'refuse', status: 403, code: 'AccessDenied' } })
  const invoked = await invoke('backup', { slot: 'daily', due: dueAt(4) })
  expect(invoked).toMatchObject({ type: 'error', errorType: 'PermanentFailure' })
  expect(await objects.manifests()).toEqual([])
  expect(proxy.count('AbortMultipartUpload')).toBeGreaterThan(0)
  expect(scene.messages.join()).toContain('backup')
  bench.expectAllowed('backup', proxy.requests)
})

test('a run whose time is nearly over releases what it holds, and says so', async () => {
  proxy.inject({ operation: 'UploadPart', times: 100, fault: { type: 'stall' } })
  const invoked = await invoke('backup', { slot: 'daily', due: dueAt(3) }, 12_000)
  expect(invoked).toMatchObject({ type: 'error', errorType: 'PermanentFailure' })
  expect(invoked).toHaveProperty('errorMessage', expect.stringContaining('the time of this run is used up'))
  expect(await objects.manifests()).toEqual([])
  expect(proxy.count('AbortMultipartUpload')).toBeGreaterThan(0)
  bench.expectAllowed('backup', proxy.requests)
})

test('freshness that finds no backup answers so, and remembers it for its alerts', async () => {
  const stale = await invoke('freshness', {})
  expect(stale, JSON.stringify(stale)).toMatchObject({ type: 'response', body: { ok: false, failure: { kind: 'unwell' } } })
  bench.expectAllowed('freshness', proxy.requests)
})

test('a backup of a slot is made once, and answered with its outcome and metrics', async () => {
  const event = { slot: 'daily', due: dueAt(2) }
  const made = await bench.withFunction('backup', async (lambda) => {
    const invoked = await lambda.invoke(event)
    expect(lambda.output()).toContain('"CloudWatchMetrics"')
    expect(await lambda.invoke(event)).toMatchObject({ body: { ok: true, numbers: { alreadyDone: true } } })
    return invoked
  })
  expect(made, JSON.stringify(made)).toMatchObject({ type: 'response', body: { operation: 'backup', ok: true } })
  expect(await objects.manifests()).toHaveLength(1)
  expect(proxy.count('CompleteMultipartUpload')).toBeGreaterThan(0)
  bench.expectAllowed('backup', proxy.requests)
})

test.each([
  ['backup', 'copy-thread.mjs', { slot: 'daily', due: dueAt(6) }],
  ['verify', 'load-thread.mjs', {}],
  ['verify', 'read-thread.mjs', {}],
] as const)(
  '%s works in a thread whose module is a bundle of its own: without %s it fails and says so',
  async (...threaded) => {
    const [operation, module, event] = threaded
    const bundle = join(scene.project.directory, 'build/functions', operation, module)
    const before = await objects.manifests()
    await rename(bundle, `${bundle}.away`)
    try {
      const invoked = await invoke(operation, event)
      expect(invoked).toMatchObject({ type: 'error', errorType: 'Bug', errorMessage: expect.stringContaining(module) })
    } finally {
      await rename(`${bundle}.away`, bundle)
    }
    expect(await objects.manifests()).toEqual(before)
    expect((await objects.keys()).filter((key) => key.includes('/evidence/'))).toEqual([])
  },
)

test('a verification restores, compares, and stores evidence alone', async () => {
  const proven = await invoke('verify', {})
  expect(proven, JSON.stringify(proven)).toMatchObject({ type: 'response', body: { operation: 'verify', ok: true } })
  bench.expectAllowed('verify', proxy.requests)
})

test('copies reach the other store, are read back, and leave the first as it is', async () => {
  const copied = await invoke('copies', {})
  expect(copied, JSON.stringify(copied)).toMatchObject({ type: 'response', body: { operation: 'copies', ok: true } })
  bench.expectAllowed('copies', proxy.requests)
})

test('a copy that fails leaves no upload behind', async () => {
  await rm(join(sandbox.s3.objectsDirectory, sandbox.s3.bucket, `${prefix}-far`), { recursive: true })
  proxy.inject({ operation: 'UploadPart', times: 100, fault: { type: 'refuse', status: 403, code: 'AccessDenied' } })
  expect(await invoke('copies', {})).toMatchObject({ type: 'error', errorType: 'PermanentFailure' })
  expect(proxy.count('AbortMultipartUpload')).toBeGreaterThan(0)
  bench.expectAllowed('copies', proxy.requests)
  proxy.clear()
  expect(await invoke('copies', {})).toMatchObject({ body: { ok: true } })
  bench.expectAllowed('copies', proxy.requests)
})

test('a verification runs where a function does: no name, no home, nothing to write to but /tmp', async () => {
  expect(await invoke('backup', { slot: 'daily', due: dueAt(1) })).toMatchObject({ body: { ok: true } })
  const layout = await createLambdaLayout(sandbox.pgBin)
  try {
    await chmod(scene.project.directory, 0o755)
    const lambda = await startLambdaFunction({
      ...{ taskRoot: scene.project.directory, handler: 'build/functions/verify/handler.handler' },
      ...{ programs: layout.programs, account: nameless },
      env: {
        ...{ ...scene.moto.env, BALLAST_PG_BIN: sandbox.pgBin, BALLAST_PG_TEMPLATE: layout.template },
        ...{ TMPDIR: layout.temporary, HOME: layout.temporary },
      },
    })
    try {
      const proven = await lambda.invoke({})
      expect(proven, JSON.stringify(proven)).toMatchObject({ type: 'response', body: { operation: 'verify', ok: true } })
      expect(proven).not.toHaveProperty('body.numbers.alreadyDone')
    } finally {
      await lambda.stop()
    }
    expect(await readdir(layout.temporary)).toEqual([])
  } finally {
    await layout.remove()
  }
})

test('replication is judged, and remembered for the next poll', async () => {
  const polled = await invoke('replication', {})
  expect(polled, JSON.stringify(polled)).toMatchObject({ type: 'response', body: { operation: 'replication' } })
  bench.expectAllowed('replication', proxy.requests)
})

test('freshness reads, and finds the newest set proven in both stores', async () => {
  expect(await invoke('copies', {})).toMatchObject({ body: { ok: true } })
  proxy.clear()
  const fresh = await invoke('freshness', {})
  expect(fresh, JSON.stringify(fresh)).toMatchObject({ type: 'response', body: { operation: 'freshness', ok: true } })
  bench.expectAllowed('freshness', proxy.requests)
})

test('freshness notes once since when restore tests and drills are asked for', async () => {
  const filed = async () => (await objects.keys()).filter((key) => key.startsWith(`${prefix}-far/shop/.ballast/drills/`))
  const names = (await filed()).map((key) => key.replace(/^.*Z-/, ''))
  expect(names.sort()).toEqual(['drill.json', 'restore-test.json'])
  expect(await invoke('freshness', {})).toMatchObject({ body: { ok: true, numbers: { checksWarn: 0, checksFailed: 0 } } })
  expect(await filed()).toHaveLength(2)
})

test('the status is written beside what it was learned from', async () => {
  const written = await invoke('status', {})
  expect(written, JSON.stringify(written)).toMatchObject({ type: 'response', body: { operation: 'status', ok: true } })
  expect(await objects.keys()).toContain(`${prefix}/shop/.ballast/status/index.html`)
  bench.expectAllowed('status', proxy.requests)
})

test('retention deletes what is not kept and what was abandoned, as its role allows', async () => {
  for (const store of [prefix, `${prefix}-far`]) {
    await objects.abandonUpload(`${store}/shop/${database}/2026-01-01T000000Z-k3x9q2/data/000001.zst`, 2 * hourMs)
  }
  const before = await objects.keys()
  proxy.clear()
  const pruned = await invoke('retention', {})
  expect(pruned, JSON.stringify(pruned)).toMatchObject({ type: 'response', body: { operation: 'retention', ok: true } })
  const after = await objects.keys()
  expect(await objects.manifests()).toHaveLength(1)
  expect(proxy.count('AbortMultipartUpload')).toBe(2)
  // Each store is listed as a whole once, for what is pruned and for what is swept.
  const whole = proxy.requests.filter(({ operation, query }) => {
    return operation === 'ListObjectsV2' && /^lambda\/functions(-far)?\/shop\/$/.test(query.get('prefix') ?? '')
  })
  expect(whole.map(({ query }) => query.get('prefix')).sort()).toEqual([`${prefix}-far/shop/`, `${prefix}/shop/`])
  bench.expectAllowed(
    'retention',
    proxy.requests,
    before.filter((key) => !after.includes(key)),
  )
})

test('a backup that is too long is handed over, and made or given up step by step', async () => {
  await createIdleMachine(bench, 'fan-out')
  await makeStepByStep(bench, { database, set: await handOver(bench, { slot: 'daily', due: dueAt(7) }) })
  expect(scene.messages).toEqual([])
  bench.clear()
  await giveUpStepByStep(bench, { database, set: await handOver(bench, { slot: 'daily', due: dueAt(8) }) })
})

test('the state machine may call its functions, read lists of batches, and run its own executions; backup alone may start it', () => {
  expectLeastMachine(bench, `${prefix}/shop/.ballast/runs/${database}/2026-01-01T000000Z-k3x9q2`)
})

test('no role allows more than its function has used, of stores, of their keys and of secrets', () => {
  // S3 answers a HEAD without the lock where these are missing: no request of their own shows them.
  const unseen = ['Main', 'Far'].flatMap((store) =>
    ['s3:GetObjectRetention', 's3:GetObjectLegalHold'].map((action) => `retention Prune${store} ${action}`),
  )
  const unused = bench.amazon.unused('s3', 'kms').filter((entry) => !entry.includes(' UseKey '))
  expect(unused).toEqual(unseen.sort())
  expect(bench.own.unused('secretsmanager')).toEqual([])
})

test('every role lets its function tell people through the channels, and some function has used each of them', () => {
  // Whichever function it is, its alerts go the same ways.
  const channels = ['Alert0 sns:Publish', 'Alert1 ses:SendEmail']
  const unused = bench.own.unused('sns', 'ses').filter((entry) => !entry.includes(' TellOfFailures '))
  for (const channel of channels) {
    expect(unused.filter((entry) => entry.endsWith(channel)).length, channel).toBeLessThan(operations.length)
  }
  expect(unused.filter((entry) => !channels.some((channel) => entry.endsWith(channel)))).toEqual([])
  const told = [
    { action: 'sns:Publish', resource: 'arn:aws:sns:sa-east-1:123456789012:ballast', context: {} },
    { action: 'ses:SendEmail', resource: 'arn:aws:ses:sa-east-1:123456789012:identity/ballast@example.com', context: {} },
  ]
  for (const call of told)
    expect(
      operations.filter((operation) => !bench.own.allows(operation, call)),
      call.action,
    ).toEqual([])
})

test('what Lambda itself does with a role is allowed, for its own function alone', () => {
  const logs = (operation: Operation) =>
    `arn:aws:logs:sa-east-1:123456789012:log-group:/aws/lambda/${bench.own.functionName(operation)}`
  for (const operation of operations) {
    const stream = { resource: `${logs(operation)}:log-stream:2026/11/26/[$LATEST]1`, context: {} }
    expect(bench.own.allows(operation, { action: 'logs:CreateLogStream', ...stream }), operation).toBe(true)
    expect(bench.own.allows(operation, { action: 'logs:PutLogEvents', ...stream }), operation).toBe(true)
    expect(bench.own.allows(operation, { action: 'logs:CreateLogGroup', ...stream }), operation).toBe(false)
    const writers = operations.filter((other) => bench.own.allows(other, { action: 'logs:PutLogEvents', ...stream }))
    expect(writers).toEqual([operation])
    expect(bench.own.allows(operation, { action: 'sns:Publish', resource: 'resource:AlarmTopic', context: {} })).toBe(true)
  }
})

test('nobody but retention may delete, and nobody may store over what is there', () => {
  const key = `arn:aws:s3:::${sandbox.s3.bucket}/${prefix}/shop/${database}/2026-01-01T000000Z-k3x9q2/manifest.json`
  const may = (operation: Operation, action: string, context = {}) =>
    bench.amazon.allows(operation, { action, resource: key, context })
  const all = lambdaOperations
  expect(all.filter((operation) => may(operation, 's3:DeleteObject'))).toEqual(['retention'])
  const whole = { 's3:ObjectCreationOperation': 'true' }
  expect(all.filter((operation) => may(operation, 's3:PutObject', whole))).toEqual([])
  const adding = { ...whole, 's3:if-none-match': '*' }
  expect(all.filter((operation) => may(operation, 's3:PutObject', adding))).toEqual(['backup', 'fan-out'])
  expect(all.filter((operation) => may(operation, 's3:PutObjectRetention'))).toEqual([])
})
