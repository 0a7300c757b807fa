import { type ChildProcess, type ChildProcessByStdio, spawn, spawnSync } from 'node:child_process'
import { once } from 'node:events'
import { readlinkSync } from 'node:fs'
import type { Readable, Writable } from 'node:stream'
import { setTimeout as sleep } from 'node:timers/promises'
import { run } from '../../../functions/platform/process/run.ts'
import { firstLine } from '../processes.ts'

const env = { PATH: '/usr/sbin:/usr/bin:/sbin:/bin', LC_ALL: 'C.UTF-8' }

/** Whether this user may make networks: root with the right to, as on a machine of its own. */
export const networksCanBeMade = spawnSync('unshare', ['--net', 'true'], { env }).status === 0

/** A program that runs until its standard input ends. */
export type StartedProgram = ChildProcessByStdio<Writable, Readable, null>

/** A network of its own, with no way out; it ends with this process at the latest. Needs root. */
export class NetworkNamespace {
  readonly #holder: ChildProcess
  readonly #programs: ChildProcess[] = []
  readonly pid: number

  private constructor(holder: ChildProcess, pid: number) {
    this.#holder = holder
    this.pid = pid
  }

  static async open(): Promise<NetworkNamespace> {
    // It lives as long as its standard input is open.
    const holder = spawn('unshare', ['--net', 'cat'], { env, stdio: ['pipe', 'ignore', 'inherit'] })
    const namespace = new NetworkNamespace(holder, await entered(holder.pid))
    // No address waits for others that might have it too.
    await namespace.run('sysctl', ['-qw', 'net.ipv6.conf.all.accept_dad=0', 'net.ipv6.conf.default.accept_dad=0'])
    await namespace.ip('link set lo up')
    return namespace
  }

  /** Runs a program in it to its end, and returns what it wrote. */
  async run(command: string, args: readonly string[], input?: string): Promise<string> {
    const fed = input === undefined ? {} : { input: Buffer.from(input) }
    const { stdout } = await run({ command: 'nsenter', args: this.#inside(command, args), env, ...fed })
    return stdout
  }

  /** Runs lines of `ip`, such as `addr add 10.0.0.1/24 dev eth0`. */
  async ip(...lines: readonly string[]): Promise<void> {
    await this.run('ip', ['-batch', '-'], `${lines.join('\n')}\n`)
  }

  /** Starts a program in it that says a line once it is ready, and ends when its standard input does. */
  async start(command: string, args: readonly string[]): Promise<StartedProgram> {
    const child = spawn('nsenter', this.#inside(command, args), { env, stdio: ['pipe', 'pipe', 'inherit'] })
    this.#programs.push(child)
    await firstLine(child.stdout)
    return child
  }

  async close(): Promise<void> {
    for (const child of [...this.#programs, this.#holder]) {
      const ended = once(child, 'exit')
      child.stdin?.end()
      if (child.exitCode === null && child.signalCode === null) await ended
    }
  }

  #inside(command: string, args: readonly string[]): string[] {
    return ['--target', String(this.pid), '--net', command, ...args]
  }
}

async function entered(pid: number | undefined): Promise<number> {
  if (pid === undefined) throw new Error('unshare could not be started')
  const own = readlinkSync('/proc/self/ns/net')
  while (readlinkSync(`/proc/${pid}/ns/net`) === own) await sleep(5)
  return pid
}

/** A cable between two of them, by the names of its ends; both are up. */
export async function connectNamespaces(
  [left, leftEnd]: readonly [NetworkNamespace, string],
  [right, rightEnd]: readonly [NetworkNamespace, string],
): Promise<void> {
  await left.ip(`link add ${leftEnd} type veth peer name ${rightEnd} netns ${right.pid}`, `link set ${leftEnd} up`)
  await right.ip(`link set ${rightEnd} up`)
}
