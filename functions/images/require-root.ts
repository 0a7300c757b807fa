import { Failure } from '../platform/failure.ts'

/** @throws Failure of kind `config` unless root runs this; `what` cannot be done by others. */
export function requireRoot(what: string): void {
  if (process.getuid?.() === 0) return
  throw new Failure(`${what} is for root alone`, {
    ...{ kind: 'config', subject: 'user', hint: 'Run the same command with sudo.' },
  })
}
