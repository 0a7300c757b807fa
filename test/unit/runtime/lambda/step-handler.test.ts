import { once } from 'node:events'
import { afterEach, beforeEach, expect, test, vi } from 'vitest'
import { z } from 'zod'
import { Failure } from '../../../../functions/platform/failure.ts'
import { RunFailed } from '../../../../functions/runtime/lambda/run-failed.ts'
import { createStepHandler, type StepHandler, type StepRun } from '../../../../functions/runtime/lambda/step-handler.ts'
import { sampleCluster } from '../../../support/definitions.ts'

type Context = Parameters<StepHandler>[1]
const context = (remainingMs: number) => ({ getRemainingTimeInMillis: () => remainingMs }) as Context
const shortMs = 50
const schema = z.strictObject({ step: z.literal('copy') })
const lasting = new Failure('the set is not whole', { kind: 'permanent', subject: 'set one', hint: 'Look at it.' })

beforeEach(() => {
  vi.spyOn(process.stdout, 'write').mockReturnValue(true)
  vi.spyOn(process.stderr, 'write').mockReturnValue(true)
})
afterEach(() => vi.restoreAllMocks())

/** What a step is told that ends like this: at once, or when its time is over. */
async function failed(remainingMs: number, error: unknown): Promise<Error> {
  const work = async (_: unknown, { signal }: StepRun): Promise<never> => {
    if (remainingMs === shortMs) await once(signal, 'abort')
    throw error
  }
  const handler = createStepHandler('backup', schema, work, async () => sampleCluster())
  return await handler({ step: 'copy' }, context(remainingMs)).then(
    () => expect.fail('it ended well'),
    (thrown: Error) => thrown,
  )
}

test('a step fails by the kind of its failure', async () => {
  expect(await failed(60_000, lasting)).toMatchObject({
    name: 'PermanentFailure',
    message: 'backup set one: the set is not whole. Look at it.',
  })
})

test('a step that is out of time is to be called again, whatever that did to it', async () => {
  for (const error of [lasting, new TypeError('undefined is not a function')]) {
    const thrown = await failed(shortMs, error)
    expect(thrown).toMatchObject({ name: 'TransientFailure' })
    expect(thrown.message).toContain(`not all of this was done in time: ${error.message}`)
  }
})

test('a step that is out of time keeps the words of a failure that may pass, and the end of a run', async () => {
  const passing = new Failure('index i was too long', { kind: 'transient', subject: 'index i', hint: 'Again.' })
  expect(await failed(shortMs, passing)).toMatchObject({ message: 'backup index i: index i was too long. Again.' })
  const end = new RunFailed('permanent', 'the run has ended')
  expect(await failed(shortMs, end)).toBe(end)
})

test('an event that is none of the step is refused by its paths', async () => {
  const handler = createStepHandler(
    'backup',
    schema,
    async () => undefined,
    async () => sampleCluster(),
  )
  await expect(handler({ step: 'paste' }, context(60_000))).rejects.toMatchObject({
    name: 'ConfigFailure',
    message: expect.stringContaining('event.step'),
  })
})
