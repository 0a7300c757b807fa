import { openSession, type Session } from '../../functions/platform/postgres/session.ts'
import type { ConnectionSettings } from '../../functions/platform/postgres/settings.ts'

/** Runs work in a session, and closes it. */
export async function inSession<T>(
  connection: ConnectionSettings,
  signal: AbortSignal | undefined,
  work: (session: Session) => Promise<T>,
): Promise<T> {
  const session = await openSession(connection, { applicationName: 'ballast drill', ...(signal && { signal }) })
  try {
    return await work(session)
  } finally {
    await session.close()
  }
}
