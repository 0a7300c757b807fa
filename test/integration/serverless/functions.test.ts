import { chmod, readdir, readFile, rm, utimes } from 'node:fs/promises'
import { dirname, join } from 'node:path'
import { CreateMultipartUploadCommand, S3Client } from '@aws-sdk/client-s3'
import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest'
import { parse } from 'yaml'
import { type LambdaOperation, lambdaOperations } from '../../../serverless/functions.ts'
import { lambdaSecrets } from '../../support/lambda-definition.ts'
import { type LambdaFunction, startLambdaFunction } from '../../support/lambda-function.ts'
import { createLambdaLayout, nameless } from '../../support/lambda-layout.ts'
import { createLambdaProject, type LambdaProject } from '../../support/lambda-project.ts'
import { type LambdaScene, startLambdaScene } from '../../support/lambda-scene.ts'
import { startMoto } from '../../support/moto.ts'
import { evaluatePolicy, type PolicyStatement } from '../../support/policy-evaluator.ts'
import { policyCalls } from '../../support/s3-call.ts'
import type { SeenRequest } from '../../support/s3-operation.ts'

const database = 'lambda_functions'
const prefix = 'lambda/functions'
const operations = lambdaOperations
type Operation = LambdaOperation

let scene: LambdaScene
let sandbox: LambdaScene['sandbox']
let proxy: LambdaScene['proxy']
/** Statements of each function's role, for a store of Amazon's at the same place. */
const policies = {} as Record<Operation, PolicyStatement[]>
/** Statements that a call of this test relied on. */
const used = new Set<string>()

const hourMs = 3_600_000
const dueAt = (hoursAgo: number): string => new Date(Math.floor(Date.now() / 60_000) * 60_000 - hoursAgo * hourMs).toISOString()

beforeAll(async () => {
  scene = await startLambdaScene(database, prefix)
  sandbox = scene.sandbox
  proxy = scene.proxy
  const amazon = await createLambdaProject(scene.onAmazon)
  await amazon.ballast('serverless', 'render')
  for (const operation of operations) policies[operation] = await policyOf(amazon, operation)
  await amazon.remove()
})
afterAll(() => scene?.stop())
beforeEach(() => {
  proxy.clear()
  scene.messages.length = 0
})

async function policyOf({ directory }: LambdaProject, operation: Operation): Promise<PolicyStatement[]> {
  const service = parse(await readFile(join(directory, 'serverless.yml'), 'utf8'))
  const role = service.resources.Resources[service.functions[operation].role]
  return role.Properties.Policies[0].PolicyDocument.Statement
}

async function withFunction<T>(
  operation: Operation,
  work: (lambda: LambdaFunction) => Promise<T>,
  aws = scene.moto,
): Promise<T> {
  const lambda = await startLambdaFunction({
    taskRoot: scene.project.directory,
    handler: `build/functions/${operation}/handler.handler`,
    env: { ...aws.env, BALLAST_PG_BIN: sandbox.pgBin },
  })
  try {
    return await work(lambda)
  } finally {
    await lambda.stop()
  }
}

const invoke = (operation: Operation, event: unknown, timeoutMs?: number, aws = scene.moto) =>
  withFunction(operation, (lambda) => lambda.invoke(event, timeoutMs), aws)

/** Every request that the function made is one that its role allows on Amazon. */
function expectAllowed(operation: Operation, requests: readonly SeenRequest[], deletedKeys: readonly string[] = []): void {
  const refused = requests.flatMap((request) =>
    policyCalls(request, deletedKeys).filter((call) => {
      const { allowed, by } = evaluatePolicy(policies[operation], call)
      for (const sid of by) used.add(`${operation} ${sid} ${call.action}`)
      return !allowed
    }),
  )
  expect(refused).toEqual([])
}

async function storedKeys(): Promise<string[]> {
  const root = join(sandbox.s3.objectsDirectory, sandbox.s3.bucket)
  const entries = await readdir(join(root, dirname(prefix)), { recursive: true, withFileTypes: true })
  return entries.filter((entry) => entry.isFile()).map((entry) => join(entry.parentPath, entry.name).slice(root.length + 1))
}

const manifests = async (): Promise<string[]> =>
  (await storedKeys()).filter((key) => key.startsWith(`${prefix}/`) && key.endsWith('/manifest.json')).sort()

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
  expect(await manifests()).toEqual([])
  expect(proxy.count('AbortMultipartUpload')).toBeGreaterThan(0)
  expect(scene.messages.join()).toContain('backup')
  expectAllowed('backup', proxy.requests)
})

test('a run whose time is nearly over releases what it holds, and says so', async () => {
  proxy.inject({ operation: 'UploadPart', times: 100, fault: { type: 'stall' } })
  const invoked = await invoke('backup', { slot: 'daily', due: dueAt(3) }, 8_000)
  expect(invoked).toMatchObject({ type: 'error', errorType: 'PermanentFailure' })
  expect(invoked).toHaveProperty('errorMessage', expect.stringContaining('the time of this run is used up'))
  expect(await manifests()).toEqual([])
  expect(proxy.count('AbortMultipartUpload')).toBeGreaterThan(0)
  expectAllowed('backup', proxy.requests)
})

test('freshness that finds no backup answers so, and remembers it for its alerts', async () => {
  const stale = await invoke('freshness', {})
  expect(stale, JSON.stringify(stale)).toMatchObject({ type: 'response', body: { ok: false, failure: { kind: 'unwell' } } })
  expectAllowed('freshness', proxy.requests)
})

test('a backup of a slot is made once, and answered with its outcome and metrics', async () => {
  const event = { slot: 'daily', due: dueAt(2) }
  const made = await withFunction('backup', async (lambda) => {
    const invoked = await lambda.invoke(event)
    expect(lambda.output()).toContain('"CloudWatchMetrics"')
    expect(await lambda.invoke(event)).toMatchObject({ body: { ok: true, numbers: { alreadyDone: true } } })
    return invoked
  })
  expect(made, JSON.stringify(made)).toMatchObject({ type: 'response', body: { operation: 'backup', ok: true } })
  expect(await manifests()).toHaveLength(1)
  expect(proxy.count('CompleteMultipartUpload')).toBeGreaterThan(0)
  expectAllowed('backup', proxy.requests)
})

test('a verification restores, compares, and stores evidence alone', async () => {
  const proven = await invoke('verify', {})
  expect(proven, JSON.stringify(proven)).toMatchObject({ type: 'response', body: { operation: 'verify', ok: true } })
  expectAllowed('verify', proxy.requests)
})

test('copies reach the other store, are read back, and leave the first as it is', async () => {
  const copied = await invoke('copies', {})
  expect(copied, JSON.stringify(copied)).toMatchObject({ type: 'response', body: { operation: 'copies', ok: true } })
  expectAllowed('copies', proxy.requests)
})

test('a copy that fails leaves no upload behind', async () => {
  await rm(join(sandbox.s3.objectsDirectory, sandbox.s3.bucket, `${prefix}-far`), { recursive: true })
  proxy.inject({ operation: 'UploadPart', times: 100, fault: { type: 'refuse', status: 403, code: 'AccessDenied' } })
  expect(await invoke('copies', {})).toMatchObject({ type: 'error', errorType: 'PermanentFailure' })
  expect(proxy.count('AbortMultipartUpload')).toBeGreaterThan(0)
  expectAllowed('copies', proxy.requests)
  proxy.clear()
  expect(await invoke('copies', {})).toMatchObject({ body: { ok: true } })
  expectAllowed('copies', proxy.requests)
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
  expectAllowed('replication', proxy.requests)
})

test('freshness reads, and finds the newest set proven in both stores', async () => {
  expect(await invoke('copies', {})).toMatchObject({ body: { ok: true } })
  proxy.clear()
  const fresh = await invoke('freshness', {})
  expect(fresh, JSON.stringify(fresh)).toMatchObject({ type: 'response', body: { operation: 'freshness', ok: true } })
  expectAllowed('freshness', proxy.requests)
})

test('the status is written beside what it was learned from', async () => {
  const written = await invoke('status', {})
  expect(written, JSON.stringify(written)).toMatchObject({ type: 'response', body: { operation: 'status', ok: true } })
  expect(await storedKeys()).toContain(`${prefix}/shop/.ballast/status/index.html`)
  expectAllowed('status', proxy.requests)
})

test('retention deletes what is not kept and what was abandoned, as its role allows', async () => {
  for (const store of [prefix, `${prefix}-far`]) await abandonUpload(store)
  const before = await storedKeys()
  proxy.clear()
  const pruned = await invoke('retention', {})
  expect(pruned, JSON.stringify(pruned)).toMatchObject({ type: 'response', body: { operation: 'retention', ok: true } })
  const after = await storedKeys()
  expect(await manifests()).toHaveLength(1)
  expect(proxy.count('AbortMultipartUpload')).toBe(2)
  expectAllowed(
    'retention',
    proxy.requests,
    before.filter((key) => !after.includes(key)),
  )
})

/** Begins an upload of the cluster's and lets it look two hours old. */
async function abandonUpload(store: string): Promise<void> {
  const { endpoint, region, accessKey, secretKey, bucket, objectsDirectory } = sandbox.s3
  const credentials = { accessKeyId: accessKey, secretAccessKey: secretKey }
  const client = new S3Client({ endpoint, region, credentials, forcePathStyle: true })
  const Key = `${store}/shop/${database}/2026-01-01T000000Z-k3x9q2/data/000001.zst`
  await client.send(new CreateMultipartUploadCommand({ Bucket: bucket, Key }))
  client.destroy()
  const uploads = join(objectsDirectory, bucket, '.sgwtmp/multipart')
  const longAgo = (Date.now() - 2 * hourMs) / 1000
  for (const entry of await readdir(uploads, { recursive: true, withFileTypes: true })) {
    if (entry.isDirectory()) await utimes(join(entry.parentPath, entry.name), longAgo, longAgo)
  }
}

test('no role allows more in the store than its function has used', () => {
  const given = operations.flatMap((operation) =>
    policies[operation].flatMap(({ Sid, Action }) =>
      [Action].flat().flatMap((action) => (action.startsWith('s3:') ? [`${operation} ${Sid} ${action}`] : [])),
    ),
  )
  // S3 answers a HEAD without the lock where these are missing: no request of their own shows them.
  const unseen = ['Main', 'Far'].flatMap((store) =>
    ['s3:GetObjectRetention', 's3:GetObjectLegalHold'].map((action) => `retention Prune${store} ${action}`),
  )
  expect([...used, ...unseen].sort()).toEqual(given.sort())
})

test('nobody but retention may delete, and nobody may store over what is there', () => {
  const key = `arn:aws:s3:::${sandbox.s3.bucket}/${prefix}/shop/${database}/2026-01-01T000000Z-k3x9q2/manifest.json`
  const may = (operation: Operation, action: string, context = {}) =>
    evaluatePolicy(policies[operation], { action, resource: key, context }).allowed
  expect(operations.filter((operation) => may(operation, 's3:DeleteObject'))).toEqual(['retention'])
  const whole = { 's3:ObjectCreationOperation': 'true' }
  expect(operations.filter((operation) => may(operation, 's3:PutObject', whole))).toEqual([])
  expect(operations.filter((operation) => may(operation, 's3:PutObject', { ...whole, 's3:if-none-match': '*' }))).toEqual([
    'backup',
  ])
  expect(operations.filter((operation) => may(operation, 's3:PutObjectRetention'))).toEqual([])
})
