import { Failure } from '../functions/platform/failure.ts'

/** A mistake in how the sandbox is used. */
export function sandboxFailure(message: string, subject: string): Failure {
  const hint = 'Look at the options that startSandbox was called with.'
  return new Failure(message, { kind: 'config', subject, hint })
}
