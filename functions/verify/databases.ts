import { identifier, literal } from '../archive/copy-text.ts'
import type { DatabaseProperties } from '../archive/manifest.ts'
import { Failure } from '../platform/failure.ts'
import { openSession, type Session } from '../platform/postgres/session.ts'
import type { ConnectionSettings } from '../platform/postgres/settings.ts'

/**
 * Settings that a role or database may carry and that would stop or change the comparison; those of a connection go
 * before them.
 */
const steadyOptions = [
  'statement_timeout=0',
  'lock_timeout=0',
  'idle_in_transaction_session_timeout=0',
  'default_transaction_read_only=off',
  'session_preload_libraries=',
  'local_preload_libraries=',
]

/** A connection to another database of the same server, undisturbed by that database's own settings. */
export function connectionTo(settings: ConnectionSettings, database: string): ConnectionSettings {
  const ours = steadyOptions.map((option) => `-c ${option}`).join(' ')
  return { ...settings, database, options: settings.options === undefined ? ours : `${settings.options} ${ours}` }
}

/**
 * Creates an empty database as the source's was created. Where this machine lacks the locale, one of the same encoding
 * takes its place, and `note` says so.
 */
export async function createLike(
  session: Session,
  name: string,
  properties: DatabaseProperties,
  owner: string | undefined,
): Promise<{ note?: string }> {
  const create = async (locale: string): Promise<void> => {
    const by = owner === undefined ? '' : ` OWNER ${identifier(owner)}`
    const encoding = literal(properties.encoding)
    await session.query(`CREATE DATABASE ${identifier(name)} TEMPLATE template0 ENCODING ${encoding} ${locale}${by}`)
  }
  let refused: unknown
  for (const { sql, is } of locales(properties)) {
    try {
      await create(sql)
      if (refused === undefined) return {}
      return {
        note: `locale ${properties.collate} does not exist here, so the set was restored with ${is}: sort orders differ`,
      }
    } catch (error) {
      if (!(error instanceof Failure) || !/locale|collat|icu|provider/i.test(error.message)) throw error
      refused ??= error
    }
  }
  throw refused
}

/** As the source's; then what every machine has. */
function locales({ collate, ctype, localeProvider, locale, encoding }: DatabaseProperties): { sql: string; is: string }[] {
  const plain = (name: string): string => `LC_COLLATE ${literal(name)} LC_CTYPE ${literal(name)}`
  const own = `LC_COLLATE ${literal(collate)} LC_CTYPE ${literal(ctype)}`
  const provider =
    localeProvider === 'libc'
      ? ''
      : ` LOCALE_PROVIDER ${localeProvider} ${localeProvider === 'icu' ? 'ICU_LOCALE' : 'BUILTIN_LOCALE'} ${literal(locale ?? '')}`
  return [
    { sql: own + provider, is: collate },
    ...(encoding === 'UTF8' ? [{ sql: plain('C.UTF-8'), is: 'C.UTF-8' }] : []),
    { sql: plain('C'), is: 'C' },
  ]
}

/** Drops databases and roles that a verification made, in a session of its own: the run's may have been interrupted. */
export async function dropAll(
  settings: ConnectionSettings,
  databases: readonly string[],
  roles: readonly string[],
): Promise<void> {
  if (databases.length === 0 && roles.length === 0) return
  const session = await openSession(settings, { applicationName: 'ballast verify (clean-up)' })
  try {
    for (const name of databases) await session.query(`DROP DATABASE IF EXISTS ${identifier(name)} WITH (FORCE)`)
    for (const name of roles) await session.query(`DROP ROLE IF EXISTS ${identifier(name)}`)
  } finally {
    await session.close()
  }
}
