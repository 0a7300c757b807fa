import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { getCACertificates } from 'node:tls'
import { isSocketDirectory } from './hosts.ts'
import type { ConnectionSettings } from './settings.ts'

/** The environment of a stock tool, and the private files it points to. */
export interface ToolEnvironment {
  env: Record<string, string>
  /** Removes the private files; idempotent. */
  dispose(): Promise<void>
}

/**
 * An environment in which pg_dump, pg_restore, psql and their kin make exactly the connection of the settings, and which holds
 * nothing else: no inherited variable, no file of the user's home, no password (that is in a private password file).
 *
 * @param workDirectory where a private directory (mode 0700) is made; it is created when missing.
 */
export async function toolEnvironment(settings: ConnectionSettings, workDirectory: string): Promise<ToolEnvironment> {
  await mkdir(workDirectory, { recursive: true })
  const directory = await mkdtemp(join(workDirectory, 'tools-'))
  const dispose = (): Promise<void> => rm(directory, { recursive: true, force: true })
  try {
    const passfile = join(directory, 'passwords')
    await writeFile(passfile, passwordLines(settings), { mode: 0o600 })
    const roots = await rootsFile(settings, directory)
    return { env: connectionVariables(settings, { directory, passfile, roots }), dispose }
  } catch (error) {
    await dispose()
    throw error
  }
}

/**
 * A database as a `-d` argument: tools read a bare name with `=` or `://` in it as a connection string. With what has no
 * variable of its own: a server that is gone without a word is noticed within two minutes, not hours.
 */
export function databaseArgument(database: string): string {
  return `dbname='${database.replace(/[\\']/g, '\\$&')}' ${keptAlive}`
}

const keptAlive = 'keepalives_idle=60 keepalives_interval=10 keepalives_count=6 tcp_user_timeout=120000'

/** Pure part: the variables, given where the private files are. */
export function connectionVariables(
  settings: ConnectionSettings,
  files: { directory: string; passfile: string; roots: string | undefined },
): Record<string, string> {
  const { hosts, options, applicationName, sslcert, sslkey } = settings
  // A name that no file has: libpq would otherwise look into the home directory of the user it runs as.
  const none = join(files.directory, 'none')
  const hasAddresses = hosts.some(({ hostaddr }) => hostaddr !== undefined)
  return {
    PATH: '/usr/bin:/bin',
    LC_ALL: 'C',
    HOME: files.directory,
    PGHOST: hosts.map(({ host }) => host).join(','),
    ...(hasAddresses ? { PGHOSTADDR: hosts.map(({ hostaddr }) => hostaddr ?? '').join(',') } : {}),
    PGPORT: hosts.map(({ port }) => port).join(','),
    PGDATABASE: settings.database,
    PGUSER: settings.user,
    PGPASSFILE: files.passfile,
    PGSSLMODE: settings.sslmode,
    PGSSLROOTCERT: files.roots ?? none,
    PGSSLCERT: sslcert ?? none,
    PGSSLKEY: sslkey ?? none,
    PGSSLCRL: none,
    PGGSSENCMODE: 'disable',
    PGCHANNELBINDING: settings.channelBinding ?? 'prefer',
    PGTARGETSESSIONATTRS: settings.targetSessionAttrs,
    PGCONNECT_TIMEOUT: String(settings.connectTimeoutSeconds),
    PGSERVICEFILE: none,
    PGSYSCONFDIR: files.directory,
    ...(options === undefined ? {} : { PGOPTIONS: options }),
    ...(applicationName === undefined ? {} : { PGAPPNAME: applicationName }),
  }
}

/** Tools before version 16 do not know `system`, so they get the same certificates as a file. */
async function rootsFile(settings: ConnectionSettings, directory: string): Promise<string | undefined> {
  if (settings.sslrootcert !== 'system') return settings.sslrootcert
  const path = join(directory, 'roots.pem')
  await writeFile(path, getCACertificates('system').join('\n'), { mode: 0o600 })
  return path
}

/** Lines of a password file that answer for every database, because some tools visit several. */
export function passwordLines(settings: ConnectionSettings): string {
  if (settings.password !== undefined) return `*:*:*:*:${escaped(settings.password)}\n`
  const lines = settings.hosts.flatMap(({ host, port }, index) => {
    const password = settings.hostPasswords?.[index]
    if (password === undefined) return []
    // Each build of libpq calls its own default socket directory localhost.
    const names = isSocketDirectory(host) ? [host, 'localhost'] : [host]
    return names.map((name) => `${escaped(name)}:${port}:*:*:${escaped(password)}\n`)
  })
  return lines.join('')
}

function escaped(field: string): string {
  return field.replace(/[\\:]/g, '\\$&')
}
