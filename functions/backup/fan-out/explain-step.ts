import { Failure } from '../../platform/failure.ts'
import { conditionFailed } from '../../platform/object-store/condition-failed.ts'
import { explainOnStandby } from '../standby.ts'
import type { PlanHead } from './plan-document.ts'

/**
 * What a failure of a step that stores something means: on a standby most likely a recovery conflict; an object that is there
 * already is another call's, which was faster.
 */
export function explainStep({ identity }: PlanHead, error: unknown): unknown {
  if (!(error instanceof Failure) || !conditionFailed(error)) return identity.standby ? explainOnStandby(error) : error
  return new Failure(`another call has stored the same meanwhile: ${error.message}`, {
    ...{ kind: 'transient', subject: error.subject, code: 'DoneMeanwhile' },
    hint: 'Call the step again: it takes over what is there.',
    cause: error,
  })
}
