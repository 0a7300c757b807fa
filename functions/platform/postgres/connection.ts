import { homedir, userInfo } from 'node:os'
import { join } from 'node:path'
import { defaultSocketDirectory, fileExists, readPasswordFile, readService } from './connection-files.ts'
import { conninfoFailure } from './conninfo-failure.ts'
import { parseConnectionPairs } from './conninfo-pairs.ts'
import { isConnectionUrl, parseConnectionUrl, type RawParameters } from './conninfo-url.ts'
import { GatheredParameters } from './gathered-parameters.ts'
import { isSocketDirectory, pairHosts } from './hosts.ts'
import { parseChannelBinding, parseConnectTimeout, parseSessionAttributes, parseSslMode } from './parameter-values.ts'
import { findPassword } from './password-file.ts'
import type { ConnectionSettings, HostAddress } from './settings.ts'

/**
 * Resolves a connection with libpq's meaning: a URL, `keyword=value` pairs or a bare database name; then the service, the PG*
 * variables, the password file and the defaults. Reads files, opens no connection.
 *
 * Differs from libpq in two things, both stated: without connect_timeout the limit is 30 s instead of none, and a parameter
 * that cannot be honoured is refused by name.
 *
 * @param overrides replace the database or user of every source, before the password is looked up.
 * @throws Failure of kind `config` for anything unknown, malformed or refused.
 */
export function resolveConnection(
  input: string | undefined,
  env: NodeJS.ProcessEnv,
  overrides: Partial<Pick<ConnectionSettings, 'database' | 'user'>> = {},
): ConnectionSettings {
  const home = env.HOME || homedir()
  const given = gather(input, env, home)
  const text = (name: Parameters<GatheredParameters['get']>[0]): string | undefined => given.get(name)?.value
  const defaultHost = defaultSocketDirectory() ?? 'localhost'
  const user = overrides.user ?? text('user') ?? userInfo().username
  const database = overrides.database ?? text('dbname') ?? user
  const hosts = pairHosts({ host: text('host'), hostaddr: text('hostaddr'), port: text('port') }, defaultHost)
  const passfile = text('passfile') ?? join(home, '.pgpass')
  const password = text('password')
  const options = text('options')
  const applicationName = text('application_name') ?? text('fallback_application_name')
  return {
    hosts,
    database,
    user,
    ...(password === undefined ? filePasswords(passfile, hosts, { database, user, defaultHost }) : { password }),
    sslmode: parseSslMode(given.get('sslmode'), text('sslrootcert') === 'system'),
    ...certificates(text, home),
    ...parseChannelBinding(given.get('channel_binding')),
    targetSessionAttrs: parseSessionAttributes(given.get('target_session_attrs')),
    connectTimeoutSeconds: parseConnectTimeout(given.get('connect_timeout')),
    ...(options === undefined ? {} : { options }),
    ...(applicationName === undefined ? {} : { applicationName }),
  }
}

/** A connection in words that are safe to print: `user@host:port/database`, several hosts by commas, never a password. */
export function describeConnection(settings: ConnectionSettings): string {
  const hosts = settings.hosts.map(({ host, port }) => `${host.includes(':') ? `[${host}]` : host}:${port}`)
  return `${settings.user}@${hosts.join(',')}/${settings.database}`
}

function gather(input: string | undefined, env: NodeJS.ProcessEnv, home: string): GatheredParameters {
  const given = new GatheredParameters()
  given.add(parseInput(input?.trim() ?? ''), 'the connection string')
  const service = given.get('service')?.value ?? env.PGSERVICE
  if (service) given.add(readService(service, given.get('servicefile')?.value, env, home), `service "${service}"`)
  given.addEnvironment(env)
  return given
}

function parseInput(input: string): RawParameters {
  if (isConnectionUrl(input)) return parseConnectionUrl(input)
  if (/^[a-z][a-z0-9+.-]*:\/\//i.test(input)) {
    throw conninfoFailure(`a connection URL begins with postgresql:// or postgres://, not ${input.split('://')[0]}://`)
  }
  if (input.includes('=')) return parseConnectionPairs(input)
  return new Map(input === '' ? [] : [['dbname', input]])
}

/** The default certificate files count only where they exist, as in libpq. */
function certificates(
  text: (name: 'sslrootcert' | 'sslcert' | 'sslkey') => string | undefined,
  home: string,
): Pick<ConnectionSettings, 'sslrootcert' | 'sslcert' | 'sslkey'> {
  const revoked = join(home, '.postgresql', 'root.crl')
  if (fileExists(revoked)) {
    throw conninfoFailure(
      `${revoked} exists, and revocation lists cannot be honoured`,
      'Run Ballast with a HOME that has no .postgresql/root.crl.',
    )
  }
  const orDefault = (name: 'sslrootcert' | 'sslcert' | 'sslkey', file: string): string | undefined => {
    const path = join(home, '.postgresql', file)
    return text(name) ?? (fileExists(path) ? path : undefined)
  }
  const sslrootcert = orDefault('sslrootcert', 'root.crt')
  const sslcert = orDefault('sslcert', 'postgresql.crt')
  const sslkey = sslcert === undefined ? undefined : (text('sslkey') ?? join(home, '.postgresql', 'postgresql.key'))
  if (sslkey?.includes(':') && !sslkey.startsWith('/')) {
    throw conninfoFailure('a client key in a hardware engine (sslkey=engine:name) is not supported')
  }
  return {
    ...(sslrootcert === undefined ? {} : { sslrootcert }),
    ...(sslcert === undefined ? {} : { sslcert }),
    ...(sslkey === undefined ? {} : { sslkey }),
  }
}

function filePasswords(
  passfile: string,
  hosts: readonly HostAddress[],
  login: { database: string; user: string; defaultHost: string },
): Pick<ConnectionSettings, 'password' | 'hostPasswords'> {
  const file = readPasswordFile(passfile)
  if (file === undefined) return {}
  const found = hosts.map(({ host, port }) => {
    const named = isSocketDirectory(host) && host === login.defaultHost ? 'localhost' : host
    return findPassword(file.text, { host: named, port, database: login.database, user: login.user })
  })
  if (file.exposed && found.some((password) => password !== undefined)) {
    // libpq ignores such a file with a warning, which an unattended run would lose.
    throw conninfoFailure(
      `password file "${passfile}" may be read by others, and libpq ignores such a file`,
      `Run: chmod 0600 ${passfile}`,
    )
  }
  if (found.some((password) => password !== found[0])) return { hostPasswords: found }
  return found[0] === undefined ? {} : { password: found[0] }
}
