import { Failure } from '../platform/failure.ts'

/** SQLSTATEs of a table, or its schema, that is not there. */
const missing: ReadonlySet<string | undefined> = new Set(['42P01', '3F000'])

/** A table that was listed and cannot be found is the work of DDL meanwhile, which another run will see from its start. */
export function explainVanished(error: unknown): unknown {
  if (!(error instanceof Failure) || !missing.has(error.code)) return error
  const { message, subject, code } = error
  return new Failure(`a table went away while the backup was at work: ${message}`, {
    kind: 'transient',
    subject,
    hint: 'Run it again when no migration runs; on a standby, see also its log for a recovery conflict.',
    ...(code === undefined ? {} : { code }),
    cause: error,
  })
}
