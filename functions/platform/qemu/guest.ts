import type { ChildProcess } from 'node:child_process'
import { open, readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { throwIfAborted } from '../abort.ts'
import { Failure } from '../failure.ts'
import type { Guard } from '../guard/guard.ts'
import { type GuestPlan, guestArgs } from './guest-args.ts'
import type { GuestNetwork } from './network.ts'

/** A running guest. */
export interface Guest {
  readonly name: string
  running(): boolean
  /** The end of what it wrote to its console, at most 4 KiB. */
  console(): Promise<string>
  /** Resolves when the guest has switched itself off. @throws Failure with its console when that takes too long. */
  untilOff(withinMs: number): Promise<void>
  /** Ends it as a power cut would; resolves when it is gone. Idempotent. */
  cutPower(): Promise<void>
}

/** How a guest is started. */
export interface GuestOptions extends Omit<GuestPlan, 'serialLog'> {
  /** Path of `qemu-system-x86_64`. */
  qemu: string
  /** Takes its logs. */
  directory: string
  /** Where its tap is. */
  on?: GuestNetwork
}

const pollMs = 500
const consoleBytes = 4 * 1024

/** Powers a guest on. It ends with the guard. */
export async function startGuest(guard: Guard, options: GuestOptions): Promise<Guest> {
  const { qemu, directory, name, on } = options
  const serialLog = join(directory, `${name}.console`)
  const ownLog = join(directory, `${name}.log`)
  const args = guestArgs({ ...options, serialLog })
  const line = on === undefined ? { command: qemu, args } : on.inside(qemu, args)
  const log = await open(ownLog, 'w')
  const child = guard.spawn(line.command, line.args, {
    ...{ env: { PATH: '/usr/bin:/bin', TMPDIR: directory }, cwd: directory, output: log.fd, endSignal: 'SIGTERM' },
  })
  const guest = guestOf(child, name, async () => {
    const [own, serial] = await Promise.all([readFile(ownLog, 'utf8'), readFile(serialLog, 'utf8').catch(() => '')])
    return `${own}${serial}`.slice(-consoleBytes)
  })
  await log.close()
  return guest
}

function guestOf(child: ChildProcess, name: string, console: () => Promise<string>): Guest {
  const gone = new Promise<void>((resolve) => {
    child.once('exit', () => resolve())
    child.once('error', () => resolve())
  })
  const running = (): boolean => child.pid !== undefined && child.exitCode === null && child.signalCode === null
  return {
    name,
    running,
    console,
    untilOff: async (withinMs) => {
      const late = Symbol('late')
      const first = await Promise.race([gone, sleep(withinMs, late, { ref: false })])
      if (first === late) throw await guestFailure({ name, console }, `was not off after ${withinMs / 1000} s`)
    },
    cutPower: async () => {
      if (running()) child.kill('SIGKILL')
      await gone
    },
  }
}

/** Resolves once the check says yes; a guest that ends first, or takes too long, is a Failure with its console. */
export async function untilGuest(
  guest: Guest,
  what: string,
  check: () => Promise<boolean>,
  options: { withinMs: number; signal?: AbortSignal | undefined },
): Promise<void> {
  const deadline = performance.now() + options.withinMs
  while (performance.now() < deadline) {
    throwIfAborted(options.signal, guest.name)
    if (!guest.running()) throw await guestFailure(guest, `ended before it was ${what}`)
    if (await check()) return
    await sleep(pollMs)
  }
  throw await guestFailure(guest, `was not ${what} after ${options.withinMs / 1000} s`)
}

async function guestFailure({ name, console }: Pick<Guest, 'name' | 'console'>, message: string): Promise<Failure> {
  const said = (await console()).trim()
  return new Failure(`the guest ${name} ${message}: ${said || 'it wrote nothing to its console'}`, {
    ...{ kind: 'permanent', subject: name },
    hint: 'Read the end of its console above for what it waited for.',
  })
}
