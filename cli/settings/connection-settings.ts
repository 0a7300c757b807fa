import { describeSecretRef } from '../../config/secret.ts'
import { resolveConnection } from '../../functions/platform/postgres/connection.ts'
import type { ConnectionSettings } from '../../functions/platform/postgres/settings.ts'
import { readSecret } from '../../functions/platform/secrets/read-secret.ts'
import { configFailure } from './config-failure.ts'
import type { DatabaseChoice } from './connection-choice.ts'
import { connectionPairs } from './connection-text.ts'

/** The connection of a chosen database, with passwords looked up: secrets, then what libpq would read. */
export async function connectionSettings(
  { name, connection }: DatabaseChoice,
  env: NodeJS.ProcessEnv,
): Promise<ConnectionSettings> {
  const overrides = name === undefined ? {} : { database: name }
  if (connection.type === 'given') return resolveConnection(connection.input, env, overrides)
  const { direct } = connection
  if (direct.type === 'parts') {
    const settings = resolveConnection(connectionPairs(direct), env)
    if (direct.password === undefined) return settings
    const { hostPasswords: _others, ...rest } = settings
    return { ...rest, password: await readSecret(direct.password, env) }
  }
  const url = typeof direct.url === 'string' ? direct.url : await readSecret(direct.url, env)
  const settings = resolveConnection(url, env)
  if (name === undefined || settings.database === name) return settings
  const from = typeof direct.url === 'string' ? 'its URL' : describeSecretRef(direct.url)
  throw configFailure(
    `the definition's database "${name}" has a connection to the database "${settings.database}"`,
    `databases "${name}"`,
    `Correct the database at the end of the URL (${from}), or the name in the definition.`,
  )
}
