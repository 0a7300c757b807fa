import type { ChildProcess } from 'node:child_process'
import { randomUUID } from 'node:crypto'
import { open, readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { Failure, toFailure } from '../failure.ts'
import type { Guard } from '../guard/guard.ts'
import { run } from '../process/run.ts'
import { type Guest, untilGuest } from './guest.ts'
import type { GuestNetwork } from './network.ts'
import { type Login, remoteLine, sshArgs } from './ssh-args.ts'

/** How a command in a guest ended. */
export interface GuestEnd {
  stdout: string
  stderr: string
}

/** Runs commands in a guest, as root. */
export interface GuestShell {
  /** @throws Failure unless it exits with 0. */
  run(words: readonly string[], options?: GuestCommandOptions): Promise<GuestEnd>
  /** Ends the connection. Idempotent. */
  close(): void
}

export interface GuestCommandOptions {
  /** What it reads; an empty input where it is left out. */
  input?: string
  /** 5 minutes where it is left out. */
  timeoutMs?: number
}

/** Where a shell is opened. */
export interface ShellOptions extends Login {
  network: GuestNetwork
  /** Takes the socket that the commands share one connection by; its path must be short. */
  directory: string
  withinMs: number
  signal?: AbortSignal | undefined
}

const commandWithinMs = 5 * 60_000
/** A server that has refused a few logins in a row takes no more of them from the same address for a while. */
const deniedPauseMs = 5_000
const env = { PATH: '/usr/sbin:/usr/bin:/sbin:/bin', LC_ALL: 'C.UTF-8' }

/**
 * Waits until a guest lets us in and keeps that one connection for all commands: a login costs an emulated guest seconds.
 *
 * @throws Failure with the guest's console when it ends, or lets nobody in for too long.
 */
export async function openShell(guard: Guard, guest: Guest, options: ShellOptions): Promise<GuestShell> {
  const { network, directory, withinMs, signal, user } = options
  // New for each start of a guest: after a power cut the connection before this one does not know yet that it is dead.
  const args = sshArgs(options, join(directory, `${guest.name}-${randomUUID().slice(0, 8)}`))
  const inGuest = (before: readonly string[], after: readonly string[]) => network.inside('ssh', [...before, ...args, ...after])
  const logFile = join(directory, `${guest.name}.ssh-log`)
  const log = await open(logFile, 'a')
  let connection: ChildProcess | undefined
  const connect = (): ChildProcess => {
    const { command, args: words } = inGuest(['-N', '-M'], [])
    return guard.spawn(command, words, { env, cwd: '/', output: log.fd, endSignal: 'SIGTERM' })
  }
  const connected = async (): Promise<boolean> => {
    if (connection !== undefined && connection.exitCode !== null && (await wasDenied(logFile))) await sleep(deniedPauseMs)
    if (connection === undefined || connection.exitCode !== null) connection = connect()
    const answer = run({ ...inGuest(['-O', 'check'], []), env, timeoutMs: 30_000 })
    return await answer.then(
      () => true,
      () => false,
    )
  }
  try {
    await untilGuest(guest, 'reachable by SSH', connected, { withinMs, signal })
  } finally {
    await log.close()
  }
  return {
    run: async (words, { input, timeoutMs = commandWithinMs } = {}) => {
      const spec = { ...inGuest([], [remoteLine(user, words)]), env, timeoutMs, ...(signal && { signal }) }
      const done = run(input === undefined ? spec : { ...spec, input: Buffer.from(input) })
      return await done.catch((error: unknown) => {
        throw commandFailure(toFailure(error, guest.name), guest.name, words)
      })
    },
    close: () => {
      connection?.kill()
    },
  }
}

/** Whether the last attempt reached the server, and was refused there: the user may not be made yet. */
async function wasDenied(logFile: string): Promise<boolean> {
  return (await readFile(logFile, 'utf8')).trimEnd().endsWith('Permission denied (publickey).')
}

/** The Failure of a command in a guest: what ran there, rather than what took it there. */
function commandFailure(failure: Failure, guest: string, words: readonly string[]): Failure {
  const { kind, hint, code, message } = failure
  const said = message.replace(/^nsenter /, '')
  return new Failure(`${words[0]} on ${guest} ${said}`, {
    ...{ kind, subject: guest, hint, cause: failure },
    ...(code === undefined ? {} : { code }),
  })
}
