import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { basename } from 'node:path'
import { Readable, type Writable } from 'node:stream'
import { abortFailure } from '../abort.ts'
import type { Failure } from '../failure.ts'
import { type ChildEnd, type ExplainStderr, endedBadly, notStarted, tookTooLong } from './child-failure.ts'
import { TailBuffer } from './tail-buffer.ts'

/** A program to start. There is no shell, and the environment is exactly the one given: nothing is inherited. */
export interface StartSpec {
  command: string
  args: readonly string[]
  env: Readonly<Record<string, string>>
  cwd?: string
  /** Give the child a standard input to write to; without it the child reads an empty one. */
  stdin?: boolean
  /** Aborting ends the child: SIGTERM, then SIGKILL after a grace period. */
  signal?: AbortSignal
  timeoutMs?: number
  /** Ctrl-C at the terminal does not reach the child: only the signal and {@link Child.kill} end it. */
  ownSession?: boolean
  uid?: number
  gid?: number
  /** Turns the tool's words on stderr into a kind and a hint. */
  explain?: ExplainStderr
  /** Gets stderr as it comes, for programs that show their progress there. */
  onStderr?: (bytes: Uint8Array) => void
}

/** A running program. */
export interface Child {
  readonly pid: number | undefined
  /** The child's output. Its end says nothing about success: await {@link Child.done} as well. */
  readonly stdout: Readable
  /** Present when asked for. An error here (EPIPE) is already listened to; the cause arrives through `done`. */
  readonly stdin: Writable | undefined
  /** Resolves only after exit code 0; otherwise rejects with a Failure. Never an unhandled rejection. */
  readonly done: Promise<{ stderr: string }>
  /** Ends the child; with SIGTERM (the default) SIGKILL follows after the grace period. `done` then rejects. */
  kill(signal?: NodeJS.Signals): void
}

const GRACE_MS = 5_000
const STDERR_BYTES = 64 * 1024
/** A grandchild may keep stderr open after the child has gone; nothing is waited for longer than this. */
const STDERR_AFTER_EXIT_MS = 1_000

/**
 * Starts a program. A program that cannot be started rejects `done` and ends `stdout`.
 *
 * @throws Failure only when the system refuses the call itself, such as too long an argument list.
 */
export function start(spec: StartSpec): Child {
  const child = spawnChild(spec)
  const stdout = child.stdout ?? Readable.from([])
  const stdin = child.stdin ?? undefined
  stdin?.on('error', () => {})
  const kill = terminator(child)
  const done = outcome(spec, child, kill)
  done.catch(() => {})
  return { pid: child.pid, stdout, stdin, done, kill }
}

function spawnChild({ command, args, env, cwd, uid, gid, stdin, ownSession = false }: StartSpec): ChildProcess {
  try {
    return spawn(command, args, {
      env: { ...env },
      detached: ownSession,
      stdio: [stdin ? 'pipe' : 'ignore', 'pipe', 'pipe'],
      ...(cwd === undefined ? {} : { cwd }),
      ...(uid === undefined ? {} : { uid }),
      ...(gid === undefined ? {} : { gid }),
    })
  } catch (error) {
    throw notStarted(command, error as NodeJS.ErrnoException)
  }
}

/** Ends a child politely first; a second call never shortens or repeats the grace period. */
function terminator(child: ChildProcess): (signal?: NodeJS.Signals) => void {
  let grace: NodeJS.Timeout | undefined
  child.once('exit', () => clearTimeout(grace))
  return (signal = 'SIGTERM') => {
    if (child.exitCode !== null || child.signalCode !== null) return
    child.kill(signal)
    if (signal !== 'SIGKILL') grace ??= setTimeout(() => child.kill('SIGKILL'), GRACE_MS)
  }
}

async function outcome(spec: StartSpec, child: ChildProcess, kill: () => void): Promise<{ stderr: string }> {
  const stderr = collectStderr(child, spec.onStderr)
  let stopped: Failure | undefined
  const stop = (failure: Failure): void => {
    stopped ??= failure
    kill()
  }
  const onAbort = (): void => stop(abortFailure(spec.signal, basename(spec.command)))
  if (spec.signal?.aborted) onAbort()
  spec.signal?.addEventListener('abort', onAbort, { once: true })
  const limit = spec.timeoutMs
  const timer = limit === undefined ? undefined : setTimeout(() => stop(tookTooLong(spec.command, limit)), limit)
  try {
    const end = await ended(spec.command, child)
    const words = await stderr()
    if (stopped) throw stopped
    if (end.exitCode !== 0) throw endedBadly(spec.command, end, words, spec.explain)
    return { stderr: words }
  } finally {
    clearTimeout(timer)
    spec.signal?.removeEventListener('abort', onAbort)
  }
}

function ended(command: string, child: ChildProcess): Promise<ChildEnd> {
  return new Promise((resolve, reject) => {
    child.once('error', (error) => {
      // The same event reports a failed kill; only a child that never had a pid was not started.
      if (child.pid === undefined) reject(notStarted(command, error))
    })
    child.once('exit', (exitCode, signal) => resolve({ exitCode, signal }))
  })
}

function collectStderr(child: ChildProcess, onStderr: StartSpec['onStderr']): () => Promise<string> {
  const tail = new TailBuffer(STDERR_BYTES)
  const stderr = child.stderr ?? Readable.from([])
  stderr.on('data', (bytes: Buffer) => {
    tail.add(bytes)
    onStderr?.(bytes)
  })
  stderr.on('error', () => {})
  const closed = once(stderr, 'close')
  return async () => {
    let timer: NodeJS.Timeout | undefined
    const enough = new Promise<void>((resolve) => {
      timer = setTimeout(resolve, STDERR_AFTER_EXIT_MS)
    })
    await Promise.race([closed, enough])
    clearTimeout(timer)
    stderr.destroy()
    return tail.text()
  }
}
