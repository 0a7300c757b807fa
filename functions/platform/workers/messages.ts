import { Failure, type FailureKind } from '../failure.ts'

/** To a thread. Calls are answered, in any order; `stop` makes everything under way end soon. */
export type ToThread<Task> =
  | { type: 'open'; call: number; worker: number }
  | { type: 'run'; call: number; worker: number; task: Task }
  | { type: 'close'; call: number; worker: number }
  | { type: 'stop'; reason: FailureRecord }

/** From a thread. `free`: the worker of a `run` may be given the next task, though its result is not whole yet. */
export type FromThread<Result> =
  | { type: 'free'; call: number }
  | { type: 'done'; call: number; result?: Result }
  | { type: 'failed'; call: number; failure: FailureRecord }
  | { type: 'progress'; bytes: number }

/** A Failure as plain data, so that it crosses to another thread and comes back as itself. */
export interface FailureRecord {
  message: string
  kind: FailureKind
  subject: string
  hint: string
  code: string | undefined
  /** Of a cause that is no Failure the message alone. */
  cause: FailureRecord | string | undefined
}

export function failureRecord(failure: Failure): FailureRecord {
  const { message, kind, subject, hint, code, cause } = failure
  return { message, kind, subject, hint, code, cause: causeRecord(cause) }
}

function causeRecord(cause: unknown): FailureRecord['cause'] {
  if (cause instanceof Failure) return failureRecord(cause)
  if (cause === undefined) return undefined
  return cause instanceof Error ? cause.message : String(cause)
}

/** The Failure that {@link failureRecord} described. */
export function failureFromRecord({ message, code, cause, ...details }: FailureRecord): Failure {
  const original = typeof cause === 'string' ? new Error(cause) : cause && failureFromRecord(cause)
  return new Failure(message, { ...details, ...(code !== undefined && { code }), ...(original && { cause: original }) })
}
