import { z } from 'zod'
import { Failure } from '../../platform/failure.ts'
import { openStore } from '../../platform/object-store/open-store.ts'
import { failedOutcome, type Outcome } from '../../platform/outcome.ts'
import { restoreOutcome } from '../../restore/restore-outcome.ts'
import { attend } from '../../runtime/attend/attend.ts'
import { firstStore } from '../../runtime/definition/defined-stores.ts'
import { type CaughtError, caughtError, wordsOf } from '../../runtime/lambda/caught-error.ts'
import { setInput } from '../../runtime/lambda/set-input.ts'
import type { StepRun } from '../../runtime/lambda/step-handler.ts'
import { verifyOutcome } from '../verify-outcome.ts'
import { abort } from './abort.ts'
import { finishRestore, finishVerification } from './finish.ts'
import { prepare } from './prepare.ts'
import { runDatabase, scratchPrefix } from './run-database.ts'
import type { StepContext } from './step-context.ts'
import { work } from './work.ts'

const run = {
  ...setInput,
  /** A new database that stays; null for a verification. */
  as: z
    .string()
    .min(1)
    .refine((name) => Buffer.byteLength(name) <= 63, 'is longer than the name of a database can be')
    .refine((name) => !name.startsWith(scratchPrefix), 'is a name of databases that are dropped')
    .nullable(),
}

/** What a state machine asks, one step at a time. Every step may be called again, also side by side with itself. */
export const stepInput = z.discriminatedUnion('step', [
  z.strictObject({ step: z.literal('prepare'), ...run }),
  z.strictObject({ step: z.literal('work'), ...run }),
  z.strictObject({ step: z.literal('finish'), ...run, startedMs: z.number().int().positive() }),
  z.strictObject({
    step: z.literal('abort'),
    ...run,
    /** As the state machine caught it. */
    error: caughtError.optional(),
  }),
])

export type StepInput = z.infer<typeof stepInput>

/** Does one step; what it returns is small and plain data. */
export async function runStep(input: StepInput, stepRun: StepRun): Promise<unknown> {
  const beganMs = Date.now()
  const { cluster, env, signal, deadlineMs, note } = stepRun
  const store = openStore(await firstStore(cluster, env))
  const address = { cluster: cluster.name, database: input.database, set: input.set }
  const context: StepContext = { store, cluster, address, as: input.as, env, signal, beganMs, deadlineMs, note }
  try {
    switch (input.step) {
      case 'prepare':
        return await prepare(context)
      case 'work':
        return await work(context)
      case 'finish':
        return await tell(context, stepRun, input.startedMs, await finish(context, input.startedMs))
      case 'abort':
        return await abortStep(context, stepRun, input.error)
    }
  } finally {
    store.close()
  }
}

async function finish(context: StepContext, startedMs: number): Promise<Outcome> {
  const { as, address } = context
  const seconds = (): number => (Date.now() - startedMs) / 1000
  if (as === null) return verifyOutcome(await finishVerification(context, startedMs), seconds())
  const outcome = restoreOutcome(address, await finishRestore(context), seconds())
  return { ...outcome, numbers: { ...outcome.numbers, restoredAs: as } }
}

/** What is left of a restore is named as what it is: a part. */
async function abortStep(context: StepContext, stepRun: StepRun, error: CaughtError | undefined): Promise<Outcome> {
  const { as, address, beganMs } = context
  const partly = await abort(context)
  const operation = as === null ? 'verify' : 'restore'
  const what = `the ${operation === 'verify' ? 'verification' : 'restore'} of the set ${address.set} failed`
  const changed = partly ? `the database "${runDatabase(context)}" is not whole` : 'nothing was restored'
  const left = as === null ? 'nothing was proven' : changed
  const why = error === undefined ? 'it was stopped' : (wordsOf(error) ?? error.Error)
  const failure = new Failure(`${what}: ${why}; ${left}`, {
    ...{ kind: 'permanent', subject: `set ${address.set}`, code: 'Aborted' },
    hint:
      as === null
        ? 'See the execution of the state machine, and the log of the function `fan-restore`; the next run of the schedule verifies again.'
        : 'See the execution of the state machine, and the log of the function `fan-restore`; start it again with the same input to do what is missing, or drop the database.',
  })
  return await tell(context, stepRun, beganMs, failedOutcome(operation, `${address.cluster}/${address.database}`, failure))
}

/** Tells of the end of a verification as of any scheduled one. Who started a restore sees how its execution ended. */
async function tell(context: StepContext, stepRun: StepRun, dueMs: number, outcome: Outcome): Promise<Outcome> {
  const { cluster, env, deadlineMs, note, signal, address, as } = context
  const scheduled = { cluster, env, deadlineMs, note, signal, dueMs, part: address.database }
  if (as !== null) return outcome
  const told = await attend('verify', () => Promise.resolve(outcome), scheduled)
  stepRun.record(told)
  return told
}
