import { afterAll, beforeAll, expect, it } from 'vitest'
import { startExecution } from '../../../functions/platform/state-machine/start-execution.ts'
import { failureOf } from '../../support/failures.ts'
import { type Moto, startMoto } from '../../support/moto.ts'

let moto: Moto
const account = 'arn:aws:states:us-east-1:123456789012'
const machine = `${account}:stateMachine:fan-out`
const run = { machine, name: '2026-11-25T060000Z-daily-20261125t0600z-0a1b2c3d', input: { database: 'app', set: 's' } }

/** What no code of Ballast does: makes machines, and ends and looks at executions. */
async function call(operation: string, body: object): Promise<Record<string, unknown>> {
  const answer = await fetch(moto.endpoint, {
    method: 'POST',
    headers: {
      'content-type': 'application/x-amz-json-1.0',
      'x-amz-target': `AWSStepFunctions.${operation}`,
      authorization:
        'AWS4-HMAC-SHA256 Credential=AKIAMOTO/20261125/us-east-1/states/aws4_request, SignedHeaders=host, Signature=0',
    },
    body: JSON.stringify(body),
  })
  const text = await answer.text()
  expect(answer.status, text).toBe(200)
  return text === '' ? {} : (JSON.parse(text) as Record<string, unknown>)
}

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
