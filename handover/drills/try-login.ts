import { type Failure, toFailure } from '../../functions/platform/failure.ts'
import type { ConnectionSettings } from '../../functions/platform/postgres/settings.ts'
import { inSession } from './drill-session.ts'

/** What came of an attempt to log in: who cannot be reached has refused nobody. */
export type LoginAnswer = 'letIn' | 'refused' | 'unreachable'

/** Logs in and out again; what came of it, and the server's own words where it was no. */
export async function tryLogin(
  connection: ConnectionSettings,
  signal?: AbortSignal,
): Promise<{ came: LoginAnswer; words: string }> {
  try {
    await inSession(connection, signal, () => Promise.resolve())
    return { came: 'letIn', words: '' }
  } catch (error) {
    signal?.throwIfAborted()
    const failure = toFailure(error, connection.user)
    if (failure.kind === 'bug') throw error
    return { came: loginAnswer(failure), words: failure.message }
  }
}

/** What an error says of the door: that it is shut, or that there was none. */
export function loginAnswer({ code, message, kind }: Pick<Failure, 'code' | 'message' | 'kind'>): LoginAnswer {
  // PgBouncer says it as a violation of the protocol, as which it says much else.
  if (code === '08P01') return /authentication failed|no such user/.test(message) ? 'refused' : 'unreachable'
  return kind === 'transient' ? 'unreachable' : 'refused'
}
