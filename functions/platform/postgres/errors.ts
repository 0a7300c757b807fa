import { Failure } from '../failure.ts'
import { type ErrorMeaning, meaningOfErrno, meaningOfMessage, meaningOfSqlstate } from './error-meanings.ts'

/**
 * Any error of `pg`, a socket or a server as a Failure with a hint; a Failure is returned as it is.
 *
 * @param subject what was being worked on: a table, a database, `user@host:port/database`.
 */
export function postgresFailure(error: unknown, subject: string): Failure {
  if (error instanceof Failure) return error
  const { message, code, detail } = fieldsOf(error)
  const meaning = meaningOf(message, code)
  return new Failure(detail === undefined ? message : `${message} (${detail})`, {
    kind: meaning.kind,
    subject,
    hint: meaning.hint,
    ...(code === undefined ? {} : { code }),
    cause: error,
  })
}

function meaningOf(message: string, code: string | undefined): ErrorMeaning {
  const known = meaningOfMessage(message, code) ?? (code === undefined ? undefined : meaningOfSqlstate(code))
  if (known) return known
  return (code === undefined ? undefined : meaningOfErrno(code)) ?? UNKNOWN
}

const UNKNOWN: ErrorMeaning = {
  kind: 'permanent',
  hint: 'Look at the server log around this time: it names the statement and the cause.',
}

function fieldsOf(error: unknown): { message: string; code: string | undefined; detail: string | undefined } {
  if (error instanceof AggregateError && error.errors.length > 0) return fieldsOf(error.errors[0])
  if (!(error instanceof Error)) return { message: String(error), code: undefined, detail: undefined }
  const code = 'code' in error && typeof error.code === 'string' ? error.code : undefined
  // The detail may quote a row's values, except where it explains a cancelled statement or a lost connection.
  const tellable = code !== undefined && /^(40|57|08|28)/.test(code)
  const detail = tellable && 'detail' in error && typeof error.detail === 'string' ? error.detail : undefined
  return { message: error.message, code, detail }
}
