import { Failure, toFailure } from '../../platform/failure.ts'
import { conditionFailed } from '../../platform/object-store/condition-failed.ts'
import { explainOnStandby } from '../standby.ts'
import type { PlanHead } from './plan-document.ts'

/**
 * What a failure of a step that stores something means: that its call was out of time, when the signal has fired; on a standby most
 * likely a recovery conflict; an object that is there already is another call's, which was faster.
 */
export function explainStep({ identity }: PlanHead, error: unknown, signal: AbortSignal): unknown {
  if (signal.aborted) return outOfTime(toFailure(error, 'the step'))
  if (!(error instanceof Failure) || !conditionFailed(error)) return identity.standby ? explainOnStandby(error) : error
  return new Failure(`another call has stored the same meanwhile: ${error.message}`, {
    ...{ kind: 'transient', subject: error.subject, code: 'DoneMeanwhile' },
    hint: 'Call the step again: it takes over what is there.',
    cause: error,
  })
}

/** Unlike a whole backup, a step that is called again goes on with what is missing. */
function outOfTime({ message, subject }: Failure): Failure {
  return new Failure(`not all of this was done in time: ${message}`, {
    ...{ kind: 'transient', subject, code: 'OutOfTime' },
    hint: 'Call the step again: it does what is missing. If that never ends, give functions more memory (runtime.lambda.memory), which is more processor as well.',
  })
}
