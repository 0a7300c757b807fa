import type { MonitoredNode } from '../../../config/monitoring.ts'
import type { Session } from '../../platform/postgres/session.ts'
import type { ConnectionSettings } from '../../platform/postgres/settings.ts'
import { openHolder } from '../source.ts'
import { serverConnection } from './paused-replica.ts'

/** Asks one node of the definition as the role of a connection, in the database where what concerns a server as a whole is granted. */
export async function askNode<T>(
  connection: ConnectionSettings,
  node: MonitoredNode,
  signal: AbortSignal,
  ask: (session: Session) => Promise<T>,
): Promise<T> {
  const session = await openHolder(serverConnection(node, connection), signal)
  try {
    return await ask(session)
  } finally {
    await session.close()
  }
}
