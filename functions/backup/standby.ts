import { Failure } from '../platform/failure.ts'
import { connectionLostHint } from '../platform/postgres/error-meanings.ts'

const likely =
  'The source is a standby, and this looks like a recovery conflict: raise its max_standby_streaming_delay, or turn its hot_standby_feedback on, then run again.'

/**
 * Adds what most likely happened to a failure that only says that a connection was lost or a lock was taken: a standby
 * ends whatever is in the way of its replay, and the reason does not always arrive.
 */
export function explainOnStandby(error: unknown): unknown {
  if (!(error instanceof Failure)) return error
  const { kind, subject, hint, code, message } = error
  if (hint !== connectionLostHint && code !== '55P03') return error
  return new Failure(message, { kind, subject, hint: likely, ...(code === undefined ? {} : { code }), cause: error })
}
