import { type ChildProcess, execFile, spawn } from 'node:child_process'
import { once } from 'node:events'
import { existsSync, mkdirSync, readFileSync } from 'node:fs'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { basename, join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { fileURLToPath } from 'node:url'

const project = fileURLToPath(new URL('../..', import.meta.url))
const scripts = fileURLToPath(new URL('./programs', import.meta.url))
const bootWithinMs = 60_000
const removedWithinMs = 60_000

/** How a command on the booted machine ended. */
export interface MachineEnd {
  code: number
  stdout: string
  stderr: string
}

/** What is booted, and how: by default a copy of this machine's own root, on this machine's network. */
export interface BootOptions {
  root?: string
  /** A network of its own, without any link. */
  ownNetwork?: boolean
  /** All of its own services too, on a network of its own, with Lynis: the tree of an image. One of them may fail. */
  services?: boolean
}

/** A real systemd, with this project in /opt/ballast, over a copy of a root that is gone afterwards. */
export interface BootedSystemd {
  /** Of its first process, as this machine counts. */
  pid: number
  /** Runs a command there, as root. */
  run(command: string, args: readonly string[], input?: string): Promise<MachineEnd>
  close(): Promise<void>
}

/** Where cgroup v2 is mounted; undefined where there is none. */
function cgroupRoot(): string | undefined {
  const mounts = readFileSync('/proc/self/mounts', 'utf8').split('\n')
  return mounts.map((line) => line.split(' ')).find(([, , type]) => type === 'cgroup2')?.[1]
}

/** Whether this user is a root that may mount and make namespaces, as on a machine of its own. */
export const mayBootMachines = process.getuid?.() === 0 && mayMount()

/** Whether this user may boot a systemd, which wants a cgroup as well. */
export const systemdBoots = mayBootMachines && cgroupRoot() !== undefined

function mayMount(): boolean {
  const capabilities = /^CapEff:\s*([0-9a-f]+)$/m.exec(readFileSync('/proc/self/status', 'utf8'))?.[1] ?? '0'
  const sysAdmin = 21n
  return ((BigInt(`0x${capabilities}`) >> sysAdmin) & 1n) === 1n
}

/** Boots systemd in namespaces of its own; on this machine's network, its loopback servers can be reached. */
export async function bootSystemd({ root = '/', ownNetwork, services = false }: BootOptions = {}): Promise<BootedSystemd> {
  const directory = await mkdtemp(join(tmpdir(), 'ballast-machine-'))
  const cgroup = join(cgroupRoot() ?? '', basename(directory))
  mkdirSync(cgroup)
  const enter = `echo $$ > ${cgroup}/cgroup.procs && exec "$@"`
  const namespaces = [
    '--fork',
    '--pid',
    '--mount',
    '--uts',
    '--ipc',
    '--cgroup',
    '--kill-child',
    ...(ownNetwork || services ? ['--net'] : []),
  ]
  const script = join(scripts, services ? 'boot-image.sh' : 'boot-systemd.sh')
  const args = ['-c', enter, 'enter', 'unshare', ...namespaces, script, directory, project, root]
  const child = spawn('/bin/sh', args, { stdio: ['ignore', 'ignore', 'inherit'] })
  const close = async (): Promise<void> => {
    const ended = once(child, 'exit')
    if (child.exitCode === null && child.signalCode === null && child.kill('SIGKILL')) await ended
    await removeCgroup(cgroup)
    await rm(directory, { recursive: true, force: true })
  }
  try {
    return { ...(await enterWhenUp(child, services ? /^(running|degraded)$/ : /^running$/)), close }
  } catch (error) {
    await close()
    throw error
  }
}

async function enterWhenUp(child: ChildProcess, up: RegExp): Promise<Omit<BootedSystemd, 'close'>> {
  const deadline = Date.now() + bootWithinMs
  while (Date.now() < deadline && child.exitCode === null) {
    const [pid] = readFileSync(`/proc/${child.pid}/task/${child.pid}/children`, 'utf8').trim().split(' ')
    const run = (command: string, args: readonly string[], input = '') =>
      execute('nsenter', ['--target', String(pid), '--all', '--root', '--wd', command, ...args], input)
    const state = pid ? await run('systemctl', ['is-system-running']) : undefined
    if (state !== undefined && up.test(state.stdout.trim())) return { pid: Number(pid), run }
    await sleep(100)
  }
  throw new Error(`systemd was not up within ${bootWithinMs / 1000} s (exit code ${child.exitCode})`)
}

async function execute(command: string, args: readonly string[], input: string): Promise<MachineEnd> {
  const env = { PATH: '/usr/sbin:/usr/bin:/sbin:/bin', HOME: '/root', LC_ALL: 'C.UTF-8', TZ: 'UTC' }
  return await new Promise((resolve) => {
    const child = execFile(command, args, { env, maxBuffer: 64 * 1024 * 1024 }, (error, stdout, stderr) => {
      resolve({ code: typeof error?.code === 'number' ? error.code : error ? -1 : 0, stdout, stderr })
    })
    // A command that ends without reading all of it says so by its exit code.
    child.stdin?.on('error', () => undefined)
    child.stdin?.end(input)
  })
}

/** Every process in it has been killed; the kernel lets go of it once their memory is given back, which a busy machine takes time for. */
async function removeCgroup(cgroup: string): Promise<void> {
  const deadline = Date.now() + removedWithinMs
  while (existsSync(cgroup)) {
    await execute('find', [cgroup, '-depth', '-type', 'd', '-exec', 'rmdir', '{}', '+'], '')
    if (!existsSync(cgroup)) return
    if (Date.now() > deadline) throw new Error(`${cgroup} could not be removed`)
    await sleep(50)
  }
}
