import type { Failure, FailureKind } from './failure.ts'

/** A number with its unit in its name (`bytesStored`, `seconds`), or a short text. */
export type OutcomeNumbers = Readonly<Record<string, number | string | boolean>>

/**
 * What one run did: the single record that the log line, `--json`, and later metrics and alerts come from.
 * `ok` means the operation ran to its end *and* what it checked is well.
 */
export interface Outcome {
  operation: string
  subject: string
  ok: boolean
  /** `unwell`: the run itself was fine, the thing checked is not. Absent when ok. */
  failure?: { kind: FailureKind | 'unwell'; message: string; hint: string; code?: string }
  numbers: OutcomeNumbers
  /** Whatever the operation returns beside its numbers: a manifest summary, findings, a list. */
  details?: unknown
}

/** The Outcome of a run that threw; `details.failedOn` names the thing that failed, where that is not all of the subject. */
export function failedOutcome(operation: string, subject: string, failure: Failure, numbers: OutcomeNumbers = {}): Outcome {
  const { kind, message, hint, code } = failure
  return {
    ...{ operation, subject, ok: false, numbers },
    failure: { kind, message, hint, ...(code === undefined ? {} : { code }) },
    details: { failedOn: failure.subject },
  }
}

/** Exit codes of the command line: 0 well, 1 the thing checked is not well, 2 usage or configuration, 3 the run failed. */
export function exitCode(outcome: Outcome): 0 | 1 | 2 | 3 {
  if (outcome.ok) return 0
  if (outcome.failure?.kind === 'unwell') return 1
  return outcome.failure?.kind === 'config' ? 2 : 3
}
