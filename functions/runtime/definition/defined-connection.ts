import type { DirectConnection } from '../../../config/derive.ts'
import { describeSecretRef } from '../../../config/secret.ts'
import { Failure } from '../../platform/failure.ts'
import { resolveConnection } from '../../platform/postgres/connection.ts'
import type { ConnectionSettings } from '../../platform/postgres/settings.ts'
import { readSecret } from '../../platform/secrets/read-secret.ts'

/** The connection of a defined database, with passwords looked up: secrets, then what libpq would read. */
export async function definedConnection(
  direct: DirectConnection,
  name: string,
  env: NodeJS.ProcessEnv,
): Promise<ConnectionSettings> {
  if (direct.type === 'parts') {
    const settings = resolveConnection(connectionPairs(direct), env)
    if (direct.password === undefined) return settings
    const { hostPasswords: _others, ...rest } = settings
    return { ...rest, password: await readSecret(direct.password, env) }
  }
  const url = typeof direct.url === 'string' ? direct.url : await readSecret(direct.url, env)
  const settings = resolveConnection(url, env)
  if (settings.database === name) return settings
  const from = typeof direct.url === 'string' ? 'its URL' : describeSecretRef(direct.url)
  throw new Failure(`the definition's database "${name}" has a connection to the database "${settings.database}"`, {
    kind: 'config',
    subject: `databases "${name}"`,
    hint: `Correct the database at the end of the URL (${from}), or the name in the definition.`,
  })
}

/** A defined connection as libpq's `keyword='value'` pairs, without its password. */
export function connectionPairs(direct: Extract<DirectConnection, { type: 'parts' }>): string {
  const { hosts, database, user, sslmode, sslrootcert, targetSessionAttrs } = direct
  const pairs: [string, string | undefined][] = [
    ['host', hosts.map(({ host }) => host).join(',')],
    ['port', hosts.map(({ port }) => port).join(',')],
    ['dbname', database],
    ['user', user],
    ['sslmode', sslmode],
    ['sslrootcert', sslrootcert],
    ['target_session_attrs', targetSessionAttrs],
  ]
  return pairs
    .flatMap(([name, value]) => (value === undefined ? [] : [`${name}='${value.replace(/[\\']/g, '\\$&')}'`]))
    .join(' ')
}
