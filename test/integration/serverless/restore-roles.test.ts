import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest'
import { lambdaOperations } from '../../../serverless/functions.ts'
import { machineRole } from '../../../serverless/state-machine/role.ts'
import { LambdaBench } from '../../support/lambda-bench.ts'
import { lambdaRegion } from '../../support/lambda-definition.ts'
import { type OwnPostgres, startOwnPostgres } from '../../support/own-postgres.ts'
import { evaluatePolicy } from '../../support/policy-evaluator.ts'
import { createIdleMachine } from '../../support/step-by-step.ts'

const database = 'lambda_restores'
const prefix = 'lambda/restores'
const machine = `arn:aws:states:${lambdaRegion}:123456789012:stateMachine:ballast-shop-fan-restore`

let target: OwnPostgres
let bench: LambdaBench
let proxy: LambdaBench['scene']['proxy']
let set: string

beforeAll(async () => {
  target = await startOwnPostgres({ max_connections: '60' })
  bench = await LambdaBench.start(database, prefix, target.url('postgres'))
  proxy = bench.scene.proxy
  const made = await bench.invoke('backup', { slot: 'daily', due: new Date(Math.floor(Date.now() / 60_000) * 60_000) })
  expect(made, JSON.stringify(made)).toMatchObject({ body: { ok: true } })
  set = (made as { body: { numbers: { set: string } } }).body.numbers.set
})
afterAll(async () => {
  await bench?.scene.stop()
  await target?.stop()
})
beforeEach(() => bench.clear())

/** Does one step, and holds all that it asked for against the role. */
async function step(name: string, more: object = {}): Promise<Record<string, unknown>> {
  const invoked = await bench.invoke('fan-restore', { step: name, database, set, as: null, ...more })
  expect(invoked, JSON.stringify(invoked)).toMatchObject({ type: 'response' })
  bench.expectAllowed('fan-restore', proxy.requests)
  return (invoked as { body: Record<string, unknown> }).body
}

/** Two calls at once, as of two workers, until nothing is left. */
async function workAll(more: object = {}): Promise<void> {
  const worker = async (): Promise<void> => {
    while ((await step('work', more)).more === true);
  }
  await Promise.all([worker(), worker()])
}

test('a verification that is too long is handed over by the function verify, as its role allows', async () => {
  await createIdleMachine(bench, 'fan-restore')
  const { moto } = bench.scene
  const env = { ...moto.env, BALLAST_FAN_VERIFY_MACHINE: machine }
  const handed = await bench.withFunction('verify', (lambda) => lambda.invoke({}), { ...moto, env })
  expect(handed, JSON.stringify(handed)).toMatchObject({ body: { ok: true, numbers: { fannedOut: true, set } } })
  bench.expectAllowed('verify', proxy.requests)
})

test('a verification is made step by step, and stores evidence alone, as its role allows', async () => {
  const before = await bench.objects.keys()
  const { startedMs } = await step('prepare')
  await workAll()
  expect(await step('finish', { startedMs })).toMatchObject({ operation: 'verify', ok: true })
  // Called again, it finds its evidence.
  expect(await step('finish', { startedMs })).toMatchObject({ operation: 'verify', ok: true })
  const added = (await bench.objects.keys()).filter((key) => !before.includes(key) && !key.includes('/.ballast/'))
  expect(added).toEqual([expect.stringMatching(new RegExp(`/${database}/${set}/evidence/[^/]+$`))])
  expect(bench.scene.messages).toEqual([])
})

test('one that is given up tells people through every channel, as its role allows', async () => {
  await step('prepare')
  await step('work')
  const error = { Error: 'PermanentFailure', Cause: JSON.stringify({ errorMessage: 'work set: it broke' }) }
  expect(await step('abort', { error })).toMatchObject({ operation: 'verify', ok: false })
  expect(bench.scene.messages.join()).toContain('it broke')
})

test('a restore that stays stores nothing at all', async () => {
  const [as, before] = ['came_back', await bench.objects.keys()]
  const { startedMs } = await step('prepare', { as })
  await workAll({ as })
  expect(await step('finish', { as, startedMs })).toMatchObject({ operation: 'restore', ok: true })
  expect(await step('abort', { as })).toMatchObject({ operation: 'restore', ok: false })
  expect(await bench.objects.keys()).toEqual(before)
})

test('its role allows no more than it has used, of the store, of its key and of secrets', () => {
  const own = (entry: string): boolean => entry.startsWith('fan-restore ') && !entry.includes(' UseKey ')
  expect(bench.amazon.unused('s3', 'kms').filter(own)).toEqual([])
  expect(bench.own.unused('secretsmanager', 'sns', 'ses').filter(own)).toEqual([])
})

test('the state machine of restores may call its function and run its own executions; verify alone may start it', () => {
  const may = (action: string, resource: string) =>
    evaluatePolicy(bench.amazon.roleStatements(machineRole('fan-restore')), { action, resource, context: {} }).allowed
  const called = ['FanDashrestore', 'FanDashout', 'Verify', 'Retention']
  expect(called.map((id) => may('lambda:InvokeFunction', `resource:${id}LambdaFunction`))).toEqual([true, false, false, false])
  const execution = machine.replace(':stateMachine:', ':execution:')
  expect(may('states:StartExecution', machine)).toBe(true)
  expect(may('states:StopExecution', `${execution}/Workers:1`)).toBe(true)
  expect(may('states:StopExecution', `${execution}-of-another:1`)).toBe(false)
  expect(
    may('s3:GetObject', `arn:aws:s3:::${bench.scene.sandbox.s3.bucket}/${prefix}/shop/${database}/${set}/manifest.json`),
  ).toBe(false)
  const starts = { action: 'states:StartExecution', resource: machine, context: {} }
  expect(lambdaOperations.filter((operation) => bench.amazon.allows(operation, starts))).toEqual(['verify'])
})
