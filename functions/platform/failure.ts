/**
 * Why a run failed, as callers act on it:
 * - `config`: the definition, an option or a setting is wrong; retrying cannot help.
 * - `transient`: the world was not ready (network, lock, conflict); the same run may succeed later.
 * - `permanent`: the world refuses (no such bucket, permission, damaged set); somebody must change something.
 * - `bug`: Ballast broke one of its own rules.
 */
export type FailureKind = 'config' | 'transient' | 'permanent' | 'bug'

/** What a {@link Failure} is made of. */
export interface FailureDetails {
  kind: FailureKind
  /** The thing that failed: a database, a table, an object key, a tool. Never a secret. */
  subject: string
  /** What to do next, as one sentence an operator can act on at 3 a.m. */
  hint: string
  /** Machine-readable origin, when there is one: a SQLSTATE, an S3 error code, an errno name. */
  code?: string
  cause?: unknown
}

/** The one error that Ballast throws on purpose: everything else that arrives at the top is a bug. */
export class Failure extends Error {
  readonly kind: FailureKind
  readonly subject: string
  readonly hint: string
  readonly code: string | undefined

  /** @param message what failed and why, without the subject's secrets. */
  constructor(message: string, details: FailureDetails) {
    super(message, { cause: details.cause })
    this.name = 'Failure'
    this.kind = details.kind
    this.subject = details.subject
    this.hint = details.hint
    this.code = details.code
  }
}

/** Any thrown value as a Failure; what was not thrown on purpose becomes kind `bug`. */
export function toFailure(thrown: unknown, subject: string): Failure {
  if (thrown instanceof Failure) return thrown
  const message = thrown instanceof Error ? thrown.message : String(thrown)
  return new Failure(message, {
    kind: 'bug',
    subject,
    hint: 'This is a defect in Ballast: keep the log of this run and report it.',
    cause: thrown,
  })
}
