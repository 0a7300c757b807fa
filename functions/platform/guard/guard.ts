import { type ChildProcess, spawn } from 'node:child_process'
import type { Writable } from 'node:stream'
import { Failure } from '../failure.ts'
import { announceScript, guardScript } from './guard-script.ts'

/** The user a process runs as, when it is not our own. */
export interface Account {
  uid: number
  gid: number
}

/** How a guarded process is started. */
export interface GuardedSpawn {
  /** The whole environment of the process: nothing is inherited. */
  env: Readonly<Record<string, string>>
  cwd: string
  account?: Account | undefined
  /** What the guard sends to the process group when this process is gone. */
  endSignal: 'SIGTERM' | 'SIGQUIT' | 'SIGINT'
  /** File descriptor of the log that takes both outputs; the process reads an empty input. */
  output: number
}

/** Ends processes and removes directories that would otherwise outlive this process. */
export interface Guard {
  /** Starts a command in a process group of its own, known to the guard before its first instruction runs. */
  spawn(command: string, args: readonly string[], options: GuardedSpawn): ChildProcess
  /** Removes this directory too, after all processes. The path is absolute and holds no line break. */
  removeAtEnd(directory: string): void
  /** Unmounts what is mounted there, before directories are removed; as {@link removeAtEnd} takes it. */
  unmountAtEnd(directory: string): void
  /** Ends what is left, removes the directories, and resolves when that is done. Idempotent. */
  release(): Promise<void>
}

const releasesAfterMs = 30_000

/** Starts a guard: a shell in a session of its own, which neither Ctrl-C nor the death of this process reaches. */
export function startGuard(): Guard {
  const shell = spawn('/bin/sh', ['-c', guardScript, 'ballast-guard'], {
    cwd: '/',
    detached: true,
    env: { PATH: '/usr/local/bin:/usr/bin:/bin' },
    stdio: ['pipe', 'ignore', 'ignore'],
  })
  const ended = new Promise<void>((resolve) => {
    shell.once('close', () => resolve())
    shell.once('error', () => resolve())
  })
  const pipe = shell.stdin
  pipe.on('error', () => undefined)
  shell.unref()
  unref(pipe)

  return {
    spawn: (command, args, options) => spawnGuarded(pipe, command, args, options),
    removeAtEnd: (directory) => {
      pipe.write(`dir ${directory}\n`)
    },
    unmountAtEnd: (directory) => {
      pipe.write(`mount ${directory}\n`)
    },
    release: async () => {
      shell.ref()
      pipe.end()
      await withDeadline(ended, releasesAfterMs)
    },
  }
}

function spawnGuarded(pipe: Writable, command: string, args: readonly string[], options: GuardedSpawn): ChildProcess {
  const signal = options.endSignal.replace('SIG', '')
  return spawn('/bin/sh', ['-c', announceScript, 'ballast-announce', signal, command, ...args], {
    cwd: options.cwd,
    detached: true,
    env: options.env,
    stdio: ['ignore', options.output, options.output, pipe],
    ...options.account,
  })
}

/** A guard must not keep this process alive: its pipe closing is what it waits for. */
function unref(pipe: Writable): void {
  if ('unref' in pipe && typeof pipe.unref === 'function') pipe.unref()
}

async function withDeadline(work: Promise<void>, milliseconds: number): Promise<void> {
  let timer: NodeJS.Timeout | undefined
  const late = new Promise<never>((_, reject) => {
    timer = setTimeout(() => {
      const hint = 'Look for processes of this run with `ps -ef`, end them by their number, and remove its directory.'
      reject(new Failure('the guard did not finish cleaning up', { kind: 'bug', subject: 'guard', hint }))
    }, milliseconds)
  })
  try {
    await Promise.race([work, late])
  } finally {
    clearTimeout(timer)
  }
}
