import { afterAll, beforeAll, expect, it } from 'vitest'
import { startExecution } from '../../../functions/platform/state-machine/start-execution.ts'
import { failureOf } from '../../support/failures.ts'
import { type Moto, startMoto } from '../../support/moto.ts'
import { stepFunctionsCall } from '../../support/step-functions-call.ts'

let moto: Moto
const account = 'arn:aws:states:us-east-1:123456789012'
const machine = `${account}:stateMachine:fan-out`
const run = { machine, name: '2026-11-25T060000Z-daily-20261125t0600z-0a1b2c3d', input: { database: 'app', set: 's' } }

const call = (operation: string, body: object) => stepFunctionsCall(moto.endpoint, operation, body)

beforeAll(async () => {
  moto = await startMoto()
  const definition = JSON.stringify({ StartAt: 'Wait', States: { Wait: { Type: 'Wait', Seconds: 3600, End: true } } })
  const roleArn = 'arn:aws:iam::123456789012:role/states'
  await call('CreateStateMachine', { name: 'fan-out', definition, roleArn })
})
afterAll(() => moto?.stop())

it('starts an execution with its input, and says when one of that name has ended', async () => {
  expect(await startExecution(run)).toBe('running')
  const executionArn = `${account}:execution:fan-out:${run.name}`
  expect(await call('DescribeExecution', { executionArn })).toMatchObject({
    status: 'RUNNING',
    input: JSON.stringify(run.input),
  })
  await call('StopExecution', { executionArn })
  expect(await startExecution(run)).toBe('ended')
})

it('says what to do about a machine that is not there', async () => {
  const failure = await failureOf(startExecution({ ...run, machine: `${account}:stateMachine:other` }))
  expect(failure).toMatchObject({ kind: 'permanent', code: 'StateMachineDoesNotExist' })
  expect(failure.hint).toMatch(/states:StartExecution/)
})
