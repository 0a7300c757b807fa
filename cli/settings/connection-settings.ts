import { resolveConnection } from '../../functions/platform/postgres/connection.ts'
import type { ConnectionSettings } from '../../functions/platform/postgres/settings.ts'
import { definedConnection } from '../../functions/runtime/definition/defined-connection.ts'
import type { DatabaseChoice } from './connection-choice.ts'

/** The connection of a chosen database, with passwords looked up. */
export async function connectionSettings(choice: DatabaseChoice, env: NodeJS.ProcessEnv): Promise<ConnectionSettings> {
  const { name, connection } = choice
  if (connection.type === 'defined') return await definedConnection(connection.direct, connection.name, env)
  return resolveConnection(connection.input, env, name === undefined ? {} : { database: name })
}
