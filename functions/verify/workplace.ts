import { existsSync } from 'node:fs'
import { chown, mkdir, mkdtemp } from 'node:fs/promises'
import { availableParallelism, tmpdir, totalmem } from 'node:os'
import { join } from 'node:path'
import { Failure } from '../platform/failure.ts'
import { type Guard, startGuard } from '../platform/guard/guard.ts'
import type { ClientTools } from '../platform/postgres/client-tools.ts'
import { resolveConnection } from '../platform/postgres/connection.ts'
import { type LocalServer, startGuardedServer } from '../platform/postgres/local-server.ts'
import { serverAccount } from '../platform/postgres/server-account.ts'
import type { ConnectionSettings } from '../platform/postgres/settings.ts'
import { scratchSettings } from './scratch-settings.ts'

/** A private directory for one verification, and the guard that removes it however this process ends. */
export interface Workplace {
  guard: Guard
  /** Belongs to the account that servers run as; only it (and root) may enter. */
  directory: string
  /** For our own files, within it. */
  files: string
  /** Removes it all, after every process that the guard knows. */
  close(): Promise<void>
}

/** Where scratch servers are made: BALLAST_SCRATCH_DIR, or the system's temporary directory. */
export function scratchParent(env: NodeJS.ProcessEnv): string {
  return env.BALLAST_SCRATCH_DIR || tmpdir()
}

export async function openWorkplace(parent: string): Promise<Workplace> {
  const account = await serverAccount()
  const guard = startGuard()
  try {
    const directory = await mkdtemp(join(parent, 'ballast-verify-'))
    guard.removeAtEnd(directory)
    if (account !== undefined) await chown(directory, account.uid, account.gid)
    const files = join(directory, 'files')
    await mkdir(files, { mode: 0o700 })
    return { guard, directory, files, close: () => guard.release() }
  } catch (cause) {
    await guard.release()
    if (cause instanceof Failure) throw cause
    throw new Failure(`no directory could be made in ${parent}: ${cause instanceof Error ? cause.message : String(cause)}`, {
      kind: 'config',
      subject: parent,
      hint: 'Name a directory that exists and may be written to in BALLAST_SCRATCH_DIR.',
      cause,
    })
  }
}

/** A server of our own that nobody else reaches. */
export interface ScratchServer {
  server: LocalServer
  /** As its superuser, in database `postgres`. */
  connection: ConnectionSettings
}

/** Starts a server in the workplace: on a private socket only, with nothing of our environment. */
export async function startScratchServer(
  { guard, directory }: Workplace,
  tools: NonNullable<ClientTools['server']>,
  options: { superuser: string; jobs: number; env: NodeJS.ProcessEnv; signal?: AbortSignal },
): Promise<ScratchServer> {
  const { superuser, jobs, env, signal } = options
  const server = await startGuardedServer(guard, await serverAccount(), {
    tools,
    directory: join(directory, 'server'),
    listen: 'socket-only',
    settings: {
      ...scratchSettings(memoryBytes(env), Math.min(jobs, availableParallelism())),
      // Functions have no shared memory of the kind that PostgreSQL would take.
      ...(existsSync('/dev/shm') ? {} : { dynamic_shared_memory_type: 'mmap' }),
    },
    initdbArgs: ['--locale=C'],
    template: env.BALLAST_PG_TEMPLATE || undefined,
    superuser,
    ...(signal && { signal }),
  })
  return { server, connection: resolveConnection(server.url('postgres'), {}) }
}

/** What this process may use: the machine's memory, or less where a service or a container has a limit. */
function memoryBytes({ AWS_LAMBDA_FUNCTION_MEMORY_SIZE: mebibytes }: NodeJS.ProcessEnv): number {
  if (mebibytes !== undefined) return Number(mebibytes) * 1024 * 1024
  return Math.min(totalmem(), process.constrainedMemory() || Number.POSITIVE_INFINITY)
}

/** A failure of the work on a scratch server, with the cause that only the server's log tells. */
export async function explained(server: LocalServer, error: unknown): Promise<unknown> {
  const { code, message } = error as NodeJS.ErrnoException
  const log = error instanceof Failure ? await server.logTail().catch(() => '') : ''
  if (code !== 'ENOSPC' && code !== '53100' && !/No space left on device/.test(log)) return error
  return new Failure(`the scratch server ran out of disk space: ${message}`, {
    kind: 'permanent',
    subject: server.dataDirectory,
    hint: 'Free some space, or name a directory on a larger disk in BALLAST_SCRATCH_DIR; nothing was verified.',
    code: 'ENOSPC',
    cause: error,
  })
}
