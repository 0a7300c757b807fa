import { expect } from 'vitest'
import { lambdaOperations } from '../../serverless/functions.ts'
import type { Machine } from '../../serverless/state-machine/machine-name.ts'
import { machineRole } from '../../serverless/state-machine/role.ts'
import type { LambdaBench } from './lambda-bench.ts'
import { lambdaRegion } from './lambda-definition.ts'
import { evaluatePolicy } from './policy-evaluator.ts'
import { stepFunctionsCall } from './step-functions-call.ts'

const fanOutMachine = `arn:aws:states:${lambdaRegion}:123456789012:stateMachine:ballast-shop-fan-out`

/** Lets there be a state machine, of which nothing is executed. */
export async function createIdleMachine({ scene }: LambdaBench, machine: Machine): Promise<void> {
  const definition = JSON.stringify({ StartAt: 'Done', States: { Done: { Type: 'Succeed' } } })
  const body = { name: `ballast-shop-${machine}`, definition, roleArn: 'arn:aws:iam::123456789012:role/fan-out' }
  await stepFunctionsCall(scene.moto.endpoint, 'CreateStateMachine', body, lambdaRegion)
}

/** Lets the function `backup` hand a run over, and returns its name. */
export async function handOver(bench: LambdaBench, event: { slot: string; due: string }): Promise<string> {
  const { moto } = bench.scene
  const env = { ...moto.env, BALLAST_FAN_OUT_MACHINE: fanOutMachine }
  const handed = await bench.withFunction('backup', (lambda) => lambda.invoke(event), { ...moto, env })
  expect(handed, JSON.stringify(handed)).toMatchObject({ body: { ok: true, numbers: { fannedOut: true } } })
  bench.expectAllowed('backup', bench.scene.proxy.requests)
  bench.clear()
  return (handed as { body: { numbers: { set: string } } }).body.numbers.set
}

/** Does all steps of a run that its state machine would call, one upload of which goes wrong first. */
export async function makeStepByStep(bench: LambdaBench, run: { database: string; set: string }): Promise<void> {
  const { proxy } = bench.scene
  const step = async (event: object): Promise<Record<string, unknown>> => {
    const invoked = await bench.invoke('fan-out', { ...run, ...event })
    expect(invoked, JSON.stringify(invoked)).toMatchObject({ type: 'response' })
    return (invoked as { body: Record<string, unknown> }).body
  }
  const holding = step({ step: 'hold' })
  const { count } = await step({ step: 'await-plan' })
  const batches = Array.from({ length: Number(count) }, (_, index) => index + 1)
  proxy.inject({ operation: 'UploadPart', times: 100, fault: { type: 'refuse', status: 403, code: 'AccessDenied' } })
  const failed = await Promise.all(batches.map((batch) => bench.invoke('fan-out', { ...run, step: 'copy', batch })))
  expect(failed.filter(({ type }) => type === 'error').length).toBeGreaterThan(0)
  expect(proxy.count('AbortMultipartUpload')).toBeGreaterThan(0)
  bench.expectAllowed('fan-out', proxy.requests)
  proxy.clear()
  for (const batch of batches) await step({ step: 'copy', batch })
  await step({ step: 'describe' })
  expect(await step({ step: 'finish' })).toMatchObject({ ok: true, numbers: { set: run.set } })
  expect(await holding).toEqual({ more: false, waitSeconds: 0 })
  bench.expectAllowed('fan-out', proxy.requests)
}

/** Gives a run up after it was planned, and removes what it stored. */
export async function giveUpStepByStep(bench: LambdaBench, run: { database: string; set: string }): Promise<void> {
  const { proxy } = bench.scene
  const holding = bench.invoke('fan-out', { ...run, step: 'hold' })
  expect(await bench.invoke('fan-out', { ...run, step: 'await-plan' })).toMatchObject({ type: 'response' })
  const aborted = await bench.invoke('fan-out', { ...run, step: 'abort', error: { Error: 'PermanentFailure', Cause: '{}' } })
  expect(aborted, JSON.stringify(aborted)).toMatchObject({ body: { published: false, remove: true } })
  expect(await holding).toMatchObject({ body: { more: false } })
  bench.expectAllowed('fan-out', proxy.requests)
  const before = await bench.objects.keys()
  bench.clear()
  expect(await bench.invoke('retention', { remove: run })).toMatchObject({ type: 'response' })
  const after = await bench.objects.keys()
  const removed = before.filter((key) => !after.includes(key))
  expect(removed.length).toBeGreaterThan(0)
  bench.expectAllowed('retention', proxy.requests, removed)
}

/** Asserts what the role of the state machine allows, and what it does not. @param run prefix of a run's documents. */
export function expectLeastMachine({ amazon, scene }: LambdaBench, run: string): void {
  const may = (action: string, resource: string) =>
    evaluatePolicy(amazon.roleStatements(machineRole('fan-out')), { action, resource, context: {} }).allowed
  const key = (name: string) => `arn:aws:s3:::${scene.sandbox.s3.bucket}/${run}/${name}.json`
  expect(may('s3:GetObject', key('items/1'))).toBe(true)
  expect(may('s3:GetObject', key('units/000001'))).toBe(false)
  expect(may('s3:PutObject', key('items/1'))).toBe(false)
  const called = ['FanDashout', 'Retention', 'Backup'].map((id) => may('lambda:InvokeFunction', `resource:${id}LambdaFunction`))
  expect(called).toEqual([true, true, false])
  const execution = fanOutMachine.replace(':stateMachine:', ':execution:')
  expect(may('states:StartExecution', fanOutMachine)).toBe(true)
  expect(may('states:StopExecution', `${execution}/Batches:1`)).toBe(true)
  expect(may('states:StopExecution', `${execution}-of-another:1`)).toBe(false)
  const starts = { action: 'states:StartExecution', resource: fanOutMachine, context: {} }
  expect(lambdaOperations.filter((operation) => amazon.allows(operation, starts))).toEqual(['backup'])
}
