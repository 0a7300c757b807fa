import { existsSync, readFileSync, statSync } from 'node:fs'
import { join } from 'node:path'
import { conninfoFailure } from './conninfo-failure.ts'
import type { RawParameters } from './conninfo-url.ts'
import { parseServiceFile } from './service-file.ts'

/** Debian's build of libpq uses the first, PostgreSQL's own the second. */
const SOCKET_DIRECTORIES = ['/var/run/postgresql', '/tmp']
/** Debian's system-wide directory, then those of other builds. */
const SYSTEM_DIRECTORIES = ['/etc/postgresql-common', '/etc/sysconfig/pgsql', '/etc']

/** Where a server on this machine would put its socket, or undefined where there is no such directory. */
export function defaultSocketDirectory(): string | undefined {
  return SOCKET_DIRECTORIES.find((directory) => existsSync(directory))
}

export function fileExists(path: string): boolean {
  return existsSync(path)
}

/** The parameters of a service: the user's own file first, then the system's. */
export function readService(service: string, named: string | undefined, env: NodeJS.ProcessEnv, home: string): RawParameters {
  const own = named ?? env.PGSERVICEFILE ?? join(home, '.pg_service.conf')
  if (!existsSync(own) && (named ?? env.PGSERVICEFILE) !== undefined)
    throw conninfoFailure(`service file "${own}" does not exist`)
  const system = env.PGSYSCONFDIR ? [env.PGSYSCONFDIR] : SYSTEM_DIRECTORIES
  for (const path of [own, ...system.map((directory) => join(directory, 'pg_service.conf'))]) {
    const found = existsSync(path) ? parseServiceFile(readText(path), service, path) : undefined
    if (found) return found
  }
  throw conninfoFailure(`definition of service "${service}" not found`, `Add a section [${service}] to ${own}.`)
}

/** The text of a password file and whether others may read it, or undefined when there is no such file. */
export function readPasswordFile(path: string): { text: string; exposed: boolean } | undefined {
  const stats = statSync(path, { throwIfNoEntry: false })
  if (!stats?.isFile()) return undefined
  return { text: readText(path), exposed: (stats.mode & 0o077) !== 0 }
}

function readText(path: string): string {
  try {
    return readFileSync(path, 'utf8')
  } catch (error) {
    const why = error instanceof Error ? error.message : String(error)
    throw conninfoFailure(`${path} cannot be read: ${why}`, 'Let this user read the file.', error)
  }
}
