import type { ChildProcess } from 'node:child_process'
import { open, readFile } from 'node:fs/promises'
import { basename, join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { throwIfAborted } from '../abort.ts'
import { Failure } from '../failure.ts'
import type { Account, Guard } from '../guard/guard.ts'
import { type ServerListen, serverUrl, socketOnlyPort } from './server-files.ts'

/** How a server is stopped, as `pg_ctl stop -m` names it. */
export type StopMode = 'fast' | 'immediate'

/** A running PostgreSQL server of our own. */
export interface LocalServer {
  readonly pid: number
  readonly port: number
  readonly socketDirectory: string
  readonly dataDirectory: string
  /** Over the Unix socket, as the superuser unless a user is named. */
  url(database?: string, user?: string, password?: string): string
  /** The end of the server's log, at most 8 KiB. */
  logTail(): Promise<string>
  /** Whether the process is still there. */
  running(): boolean
  /** Stops it and resolves when its process is gone. `fast` unless named. Idempotent. */
  stop(mode?: StopMode): Promise<void>
}

/** What a server is launched with; its data directory holds all settings. */
export interface LaunchOptions {
  /** Path of `postgres`. */
  postgres: string
  dataDirectory: string
  socketDirectory: string
  logFile: string
  listen: ServerListen
  superuser: string
  password?: string | undefined
  env: Readonly<Record<string, string>>
  account: Account | undefined
  signal?: AbortSignal | undefined
}

const readyWithinMs = 60_000
const pollMs = 20
const stopWithinMs = 30_000
const logTailBytes = 8 * 1024

/** Starts `postgres` over a data directory and resolves when it accepts connections (on a standby: read-only ones). */
export async function launchServer(guard: Guard, options: LaunchOptions): Promise<LocalServer> {
  const log = await open(options.logFile, 'a')
  let server: LocalServer
  try {
    const { dataDirectory, env, account } = options
    const spawned = { env, cwd: dataDirectory, account, endSignal: 'SIGQUIT', output: log.fd } as const
    // Listened to before anything is awaited: a server that ends at once must not end unheard.
    server = serverOf(guard.spawn(options.postgres, ['-D', dataDirectory], spawned), options)
  } finally {
    await log.close()
  }
  try {
    await untilReady(server, options)
  } catch (error) {
    await server.stop('immediate')
    throw error
  }
  return server
}

function serverOf(child: ChildProcess, options: LaunchOptions): LocalServer {
  const { dataDirectory, socketDirectory, superuser } = options
  const port = options.listen === 'socket-only' ? socketOnlyPort : options.listen.port
  let ended = false
  const gone = new Promise<void>((resolve) => {
    const note = () => {
      ended = true
      resolve()
    }
    child.once('exit', note)
    child.once('error', note)
  })
  return {
    pid: child.pid ?? -1,
    port,
    socketDirectory,
    dataDirectory,
    url: (database = 'postgres', user = superuser, password = options.password) =>
      serverUrl({ host: socketDirectory, port, database, user, password }),
    logTail: () => logTail(options.logFile),
    running: () => !ended,
    stop: async (mode = 'fast') => {
      if (!ended) child.kill(mode === 'fast' ? 'SIGINT' : 'SIGQUIT')
      const timer = setTimeout(() => child.kill('SIGKILL'), stopWithinMs)
      await gone
      clearTimeout(timer)
    },
  }
}

/** The server writes its state into the last line of postmaster.pid, which is where pg_ctl reads it too. */
async function untilReady(server: LocalServer, options: LaunchOptions): Promise<void> {
  const deadline = performance.now() + readyWithinMs
  const file = join(options.dataDirectory, 'postmaster.pid')
  while (performance.now() < deadline) {
    throwIfAborted(options.signal, basename(options.postgres))
    if (!server.running()) throw await startFailure(server, 'ended while starting')
    const lines = (await readFile(file, 'utf8').catch(() => '')).split('\n')
    if (Number(lines[0]) === server.pid && lines[7]?.trim() === 'ready') return
    await sleep(pollMs)
  }
  throw await startFailure(server, `was not ready after ${readyWithinMs / 1000} s`)
}

const noSharedMemory =
  'Nothing here can start PostgreSQL: verify with timers on a VM, or name a server in `backup.verify.into`.'

async function startFailure(server: LocalServer, what: string): Promise<Failure> {
  const log = (await server.logTail()).trim()
  if (/system call was shmget/.test(log)) {
    return new Failure('the system refuses the shared memory (shmget) that every PostgreSQL server needs', {
      ...{ kind: 'permanent', subject: server.dataDirectory, code: 'NoSharedMemory', hint: noSharedMemory },
    })
  }
  return new Failure(`the PostgreSQL server ${what}: ${log || 'it logged nothing'}`, {
    kind: 'permanent',
    subject: server.dataDirectory,
    hint: 'Read the log above: it names the setting, the port or the missing space that stopped the server.',
    ...(/could not bind|Address already in use/.test(log) ? { code: 'EADDRINUSE' } : {}),
  })
}

async function logTail(path: string): Promise<string> {
  const file = await open(path, 'r')
  try {
    const { size } = await file.stat()
    const bytes = Math.min(size, logTailBytes)
    const { buffer } = await file.read(Buffer.alloc(bytes), 0, bytes, size - bytes)
    return buffer.toString()
  } finally {
    await file.close()
  }
}
