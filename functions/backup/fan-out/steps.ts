import { z } from 'zod'
import type { RunState } from '../../archive/run-state.ts'
import { openStore } from '../../platform/object-store/open-store.ts'
import type { Outcome } from '../../platform/outcome.ts'
import { attend } from '../../runtime/attend/attend.ts'
import { firstStore } from '../../runtime/definition/defined-stores.ts'
import { type CaughtError, caughtError, wordsOf } from '../../runtime/lambda/caught-error.ts'
import { answerOf } from '../../runtime/lambda/run-failed.ts'
import { setInput } from '../../runtime/lambda/set-input.ts'
import type { StepRun } from '../../runtime/lambda/step-handler.ts'
import { backupOutcome } from '../backup-outcome.ts'
import { abortRun } from './abort-run.ts'
import { awaitPlan } from './await-plan.ts'
import { copyBatch } from './copy-batch.ts'
import { describeSource } from './describe-source.ts'
import { finish } from './finish.ts'
import { hold } from './hold.ts'
import { letReplayGoOn } from './pause-replay.ts'
import { endOf } from './relay.ts'
import type { StepContext } from './step-context.ts'

/** What a state machine asks of a fanned-out run, one step at a time. Every step may be called again, also side by side with itself. */
export const stepInput = z.discriminatedUnion('step', [
  z.strictObject({ step: z.literal('hold'), ...setInput }),
  z.strictObject({ step: z.literal('await-plan'), ...setInput }),
  z.strictObject({ step: z.literal('copy'), ...setInput, batch: z.number().int().positive() }),
  z.strictObject({ step: z.literal('describe'), ...setInput }),
  z.strictObject({ step: z.literal('finish'), ...setInput }),
  z.strictObject({
    step: z.literal('abort'),
    ...setInput,
    /** As the state machine caught it. */
    error: caughtError.optional(),
  }),
])

export type StepInput = z.infer<typeof stepInput>

/** Does one step; what it returns is small and plain data. */
export async function runStep(input: StepInput, stepRun: StepRun): Promise<unknown> {
  const { cluster, env, signal, deadlineMs, note } = stepRun
  const settings = await firstStore(cluster, env)
  const store = openStore(settings)
  const address = { cluster: cluster.name, database: input.database, set: input.set }
  const context: StepContext = { place: { store, address, signal }, store: settings, cluster, env, deadlineMs, note }
  try {
    switch (input.step) {
      case 'hold':
        return await hold(context)
      case 'await-plan':
        return await awaitPlan(context)
      case 'copy':
        return await copyBatch(context, input.batch)
      case 'describe':
        return await describeSource(context)
      case 'finish':
        return await finishStep(context, stepRun)
      case 'abort':
        return await abortStep(context, stepRun, input.error)
    }
  } finally {
    store.close()
  }
}

/** The run ends well: people and the history hear of it. One that does not is told of when it is aborted, however often this was tried. */
async function finishStep(context: StepContext, stepRun: StepRun): Promise<Outcome> {
  const { manifest, state } = await finishRun(context)
  const outcome = backupOutcome(manifest, (Date.now() - state.startedMs) / 1000)
  return answerOf(await tell(context, stepRun, state, { ...outcome, numbers: { ...outcome.numbers, ...costs(state) } }))
}

/** Once the snapshot is released, replay may go on, whether the set can be published already or not. */
async function finishRun(context: StepContext): ReturnType<typeof finish> {
  try {
    return await finish(context.place)
  } finally {
    await letReplayGoOn(context)
  }
}

async function abortStep(
  context: StepContext,
  stepRun: StepRun,
  error: CaughtError | undefined,
): Promise<{ published: boolean; remove: boolean }> {
  const { published, remove, state } = await abortRun(context.place, caughtEnd(error))
  await letReplayGoOn(context)
  const { cluster, database, set } = context.place.address
  const subject = `${cluster}/${database}`
  if (published === undefined) {
    const { kind, message, hint, code } = endOf(state)
    const words = error && wordsOf(error)
    const failure = {
      message: words === undefined ? message : `${message} (${words})`,
      kind,
      hint,
      ...(code === undefined ? {} : { code }),
    }
    const seconds = (Date.now() - state.startedMs) / 1000
    await tell(context, stepRun, state, {
      ...{ operation: 'backup', subject, ok: false, failure, numbers: { set, seconds, ...costs(state) } },
    })
  } else {
    const numbers = { set: published.set, alreadyDone: true }
    await tell(context, stepRun, state, { operation: 'backup', subject, ok: true, numbers })
  }
  return { published: published?.set === set, remove }
}

/** Tells of a run that ended, as of any scheduled backup. */
async function tell(context: StepContext, stepRun: StepRun, state: RunState, outcome: Outcome): Promise<Outcome> {
  const { cluster, env, deadlineMs, note, place } = context
  const scheduled = { cluster, env, deadlineMs, note, signal: place.signal, slot: state.slot, dueMs: state.dueMs }
  const told = await attend('backup', () => Promise.resolve(outcome), { ...scheduled, part: place.address.database })
  stepRun.record(told)
  return told
}

/** What the run cost its source, for whoever reads the outcome. */
function costs({ generation, watch, replayPaused, finishedMs = Date.now() }: RunState): Outcome['numbers'] {
  return {
    holders: generation,
    ...(replayPaused && { replayPausedSeconds: Math.round((finishedMs - replayPaused.sinceMs) / 1000) }),
    ...(watch && { mostWalHeldBytes: watch.mostWalHeldBytes, longestWaitOfDdlSeconds: watch.longestWaitSeconds }),
  }
}

function caughtEnd(error: CaughtError | undefined): RunState['ended'] & object {
  return {
    kind: 'permanent',
    message: error === undefined ? 'the run was stopped' : `a step of the run failed: ${error.Error}`,
    hint: 'See the execution of the state machine, and the log of the function `fan-out`; the next slot makes a run of its own.',
    code: 'Aborted',
  }
}
