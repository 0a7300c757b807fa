import { Failure } from '../../functions/platform/failure.ts'

/** A Failure that the user cures by another option or definition. */
export function configFailure(message: string, subject: string, hint: string): Failure {
  return new Failure(message, { kind: 'config', subject, hint })
}
