import { openSession, type Session } from './session.ts'
import type { ConnectionSettings } from './settings.ts'

/**
 * Opens a session and makes it ready. One that cannot be made ready is closed again: left open it would keep the
 * process, and what it has locked, alive.
 */
export async function openPreparedSession(
  settings: ConnectionSettings,
  options: { applicationName: string; signal?: AbortSignal },
  prepare: (session: Session) => Promise<unknown>,
): Promise<Session> {
  const session = await openSession(settings, options)
  try {
    await prepare(session)
    return session
  } catch (error) {
    await session.close()
    throw error
  }
}
