import type { FailureKind } from '../../platform/failure.ts'
import type { Outcome } from '../../platform/outcome.ts'

const errorTypes: Readonly<Record<FailureKind, string>> = {
  config: 'ConfigFailure',
  transient: 'TransientFailure',
  permanent: 'PermanentFailure',
  bug: 'Bug',
}

/**
 * What Lambda is told of a run that failed: `errorType` is the kind of failure, for retries and destinations. It counts as an
 * error of the function; a run that found something unwell does not, for the function itself did its work.
 */
export class RunFailed extends Error {
  constructor(kind: FailureKind, text: string) {
    super(text)
    this.name = errorTypes[kind]
  }
}

/** Returns what the function answers; throws {@link RunFailed} in place of the outcome of a failed run. */
export function answerOf(outcome: Outcome): Outcome {
  const { failure, operation, subject } = outcome
  if (failure === undefined || failure.kind === 'unwell') return outcome
  throw new RunFailed(failure.kind, `${operation} ${subject}: ${failure.message}. ${failure.hint}`)
}
