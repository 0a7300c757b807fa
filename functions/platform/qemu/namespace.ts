import type { ChildProcess } from 'node:child_process'
import { readlink } from 'node:fs/promises'
import { setTimeout as sleep } from 'node:timers/promises'
import { Failure } from '../failure.ts'
import type { Guard } from '../guard/guard.ts'

/** A command line that runs somewhere else. */
export interface CommandLine {
  command: string
  args: string[]
}

/** A Linux namespace of our own; it ends with the guard, and what was made in it ends with it. */
export interface Namespace {
  /** Of the process that it belongs to. */
  readonly pid: number
  /** The command line that runs a program inside. */
  inside(command: string, args: readonly string[]): CommandLine
  /** Lets it go before the guard does. */
  end(): Promise<void>
}

const kinds = { mount: 'mnt', net: 'net' } as const
const withinMs = 10_000
const pollMs = 10

/** Makes a namespace, held by a process that does nothing else. @throws Failure of kind `config` where that is not allowed. */
export async function startNamespace(guard: Guard, kind: keyof typeof kinds): Promise<Namespace> {
  const holder = guard.spawn('/usr/bin/unshare', [`--${kind}`, '--', '/bin/sleep', 'infinity'], {
    ...{ env: {}, cwd: '/', output: process.stderr.fd, endSignal: 'SIGTERM' },
  })
  const gone = new Promise<void>((resolve) => {
    holder.once('exit', () => resolve())
    holder.once('error', () => resolve())
  })
  const pid = await untilApart(holder, kinds[kind])
  return {
    pid,
    inside: (command, args) => ({
      command: '/usr/bin/nsenter',
      args: [`--${kind}=/proc/${pid}/ns/${kinds[kind]}`, '--', command, ...args],
    }),
    end: async () => {
      holder.kill('SIGTERM')
      await gone
    },
  }
}

async function untilApart(holder: ChildProcess, name: string): Promise<number> {
  const own = await readlink(`/proc/self/ns/${name}`)
  const deadline = performance.now() + withinMs
  while (performance.now() < deadline && holder.exitCode === null && holder.signalCode === null) {
    const its = await readlink(`/proc/${holder.pid}/ns/${name}`).catch(() => own)
    if (holder.pid !== undefined && its !== own) return holder.pid
    await sleep(pollMs)
  }
  throw new Failure(`no ${name} namespace could be made`, {
    kind: 'config',
    subject: 'namespace',
    hint: 'Run this as root, on a machine whose container runtime, if any, lets root make namespaces.',
  })
}
