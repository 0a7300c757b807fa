import { chown, mkdir } from 'node:fs/promises'
import { join } from 'node:path'
import { Failure } from '../failure.ts'
import { type Account, type Guard, startGuard } from '../guard/guard.ts'
import { initDataDirectory } from './init-data-directory.ts'
import { type LocalServer, launchServer, type StopMode } from './launch-server.ts'
import { serverAccount } from './server-account.ts'
import { listenSettings, type ServerListen } from './server-files.ts'

export type { LocalServer } from './launch-server.ts'

/** The two programs a server needs, by path. */
export interface ServerTools {
  initdb: string
  postgres: string
}

/** A new server in a directory of its own. */
export interface LocalServerOptions {
  tools: ServerTools
  /** Absolute and short (it holds the Unix socket); made here, and removed when the server is stopped or this process dies. */
  directory: string
  listen: ServerListen
  /** Server settings beyond where it listens. */
  settings?: Readonly<Record<string, string>>
  initdbArgs?: readonly string[]
  /** As {@link initDataDirectory} takes it; used where we are the account that the server runs as. */
  template?: string | undefined
  hbaLines?: readonly string[]
  superuser?: string
  /** Asked of every connection; without it only the private socket directory protects the server. */
  password?: string
  /** Added to the server's otherwise bare environment. */
  env?: Readonly<Record<string, string>>
  signal?: AbortSignal
}

/** Longest path of a Unix socket that Linux takes, in bytes. */
const socketPathBytes = 107

/**
 * Creates and starts a server as an unprivileged user, with nothing of our environment. `stop` ends it and removes its
 * directory; the same happens when this process dies without calling it.
 */
export async function startLocalServer(options: LocalServerOptions): Promise<LocalServer> {
  requireShortPath(join(options.directory, 'socket'))
  const account = await serverAccount()
  const guard = startGuard()
  try {
    await claimDirectory(guard, options.directory, account)
    const server = await startGuardedServer(guard, account, options)
    return {
      ...server,
      stop: async (mode: StopMode = 'immediate') => {
        await server.stop(mode)
        await guard.release()
      },
    }
  } catch (error) {
    await guard.release()
    throw error
  }
}

/** As {@link startLocalServer}, under a guard that the caller has and releases. */
export async function startGuardedServer(
  guard: Guard,
  account: Account | undefined,
  options: LocalServerOptions,
): Promise<LocalServer> {
  const { directory, tools, listen, password, signal, superuser = 'postgres' } = options
  const socketDirectory = join(directory, 'socket')
  const dataDirectory = join(directory, 'data')
  requireShortPath(socketDirectory)
  await makeOwned([directory, socketDirectory], account)
  const env = serverEnvironment(options.env)
  const settings = { ...options.settings, ...listenSettings(socketDirectory, listen) }
  const { initdbArgs, hbaLines } = options
  // A copy belongs to whoever copies it.
  const template = account === undefined ? options.template : undefined
  const shared = { dataDirectory, superuser, password, env, account, signal }
  await initDataDirectory({ ...shared, initdb: tools.initdb, initdbArgs, template, hbaLines, settings })
  return launchServer(guard, {
    ...shared,
    postgres: tools.postgres,
    socketDirectory,
    listen,
    logFile: join(directory, 'server.log'),
  })
}

/** What a server of ours sees of the world: no credentials, no AWS_*, no PG*. */
export function serverEnvironment(extra: Readonly<Record<string, string>> = {}): Record<string, string> {
  return { PATH: '/usr/local/bin:/usr/bin:/bin', LANG: 'C.UTF-8', ...extra }
}

/** Makes a directory that must not exist yet, because the guard removes it with all it holds. */
export async function claimDirectory(guard: Guard, directory: string, account: Account | undefined): Promise<void> {
  try {
    await mkdir(directory, { mode: 0o700 })
  } catch (error) {
    throw new Failure(`${directory} could not be made: ${error instanceof Error ? error.message : String(error)}`, {
      kind: 'config',
      subject: directory,
      hint: 'Name a directory that does not exist yet, inside one that does: it is removed at the end.',
      cause: error,
    })
  }
  guard.removeAtEnd(directory)
  if (account) await chown(directory, account.uid, account.gid)
}

/** Makes directories that only the account may enter. */
export async function makeOwned(directories: readonly string[], account: Account | undefined): Promise<void> {
  for (const directory of directories) {
    await mkdir(directory, { recursive: true, mode: 0o700 })
    if (account) await chown(directory, account.uid, account.gid)
  }
}

/** Refuses a directory whose socket PostgreSQL could not open, before anything is made. */
export function requireShortPath(socketDirectory: string): void {
  const path = join(socketDirectory, '.s.PGSQL.65535')
  if (Buffer.byteLength(path) <= socketPathBytes) return
  throw new Failure(`the path of the server's Unix socket would be longer than ${socketPathBytes} bytes`, {
    kind: 'config',
    subject: socketDirectory,
    hint: 'Choose a shorter directory, for example by setting TMPDIR=/tmp.',
  })
}
