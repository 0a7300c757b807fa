import { Failure, toFailure } from '../../functions/platform/failure.ts'

/** Any thrown value as a Failure: a bad definition is the user's to correct, anything unknown is a bug. */
export function asFailure(thrown: unknown, subject: string): Failure {
  if (!(thrown instanceof Error) || thrown.name !== 'ConfigError') return toFailure(thrown, subject)
  return new Failure(thrown.message, {
    kind: 'config',
    subject: 'the cluster definition',
    hint: 'Correct every path that is listed, then run again: nothing was done.',
    cause: thrown,
  })
}
