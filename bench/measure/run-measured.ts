import { open, readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { throwIfAborted } from '../../functions/platform/abort.ts'
import { Failure } from '../../functions/platform/failure.ts'
import type { Guard } from '../../functions/platform/guard/guard.ts'
import { lastLines } from '../../functions/platform/process/child-failure.ts'
import type { Usage } from '../results.ts'
import type { BenchCommand } from './command.ts'
import { childrenOf, processStat, treeCpuSeconds } from './process-stat.ts'
import { TreeSampler } from './tree-sampler.ts'

/** Who runs beside a measured command, and what a run needs. */
export interface Surroundings {
  /** Ends a command that outlives the benchmark. */
  guard: Guard
  /** For the log of the running command. */
  directory: string
  postmaster: number
  storePids: readonly number[]
  signal: AbortSignal
}

const backendsEndWithinMs = 5_000
const pollMs = 20

/**
 * Runs a command to its end and says what it used.
 *
 * @throws Failure with the command's last words unless its exit code is 0.
 */
export async function runMeasured(spec: BenchCommand, around: Surroundings): Promise<Usage & { output: string }> {
  const { result, ...cpu } = await countCpu(around, async (background) => {
    const started = performance.now()
    const { pid, ended, logFile } = await startCommand(spec, around)
    const sampler = new TreeSampler(pid, around.postmaster, background)
    try {
      await ended
    } catch (error) {
      sampler.stop()
      throw error
    }
    const seconds = (performance.now() - started) / 1000
    return { seconds, ...sampler.stop(), output: await readFile(logFile, 'utf8') }
  })
  return { ...result, ...cpu }
}

type CpuUsage = Pick<Usage, 'clientCpuSeconds' | 'serverCpuSeconds' | 'storeCpuSeconds'>

/**
 * Does something, and says what processor time the programs that it ran took, and the servers.
 *
 * @param work all programs that it starts have ended when it has; it is given the server's own processes.
 */
export async function countCpu<T>(
  around: Surroundings,
  work: (background: ReadonlySet<number>) => Promise<T>,
): Promise<CpuUsage & { result: T }> {
  const background = new Set(childrenOf(around.postmaster))
  const before = cpuOf(around)
  const result = await work(background)
  await backendsEnded(around.postmaster, background)
  const after = cpuOf(around)
  return {
    result,
    clientCpuSeconds: after.client - before.client,
    serverCpuSeconds: after.server - before.server,
    storeCpuSeconds: after.store - before.store,
  }
}

/** Starts it in a process group of its own, so that a pipeline ends as a whole when the benchmark is interrupted. */
async function startCommand({ command, args, env }: BenchCommand, around: Surroundings) {
  throwIfAborted(around.signal, command)
  const logFile = join(around.directory, 'command.log')
  const log = await open(logFile, 'w')
  const child = around.guard.spawn(command, args, {
    env,
    cwd: around.directory,
    endSignal: 'SIGTERM',
    output: log.fd,
  })
  const exit = new Promise<string | undefined>((resolve) => {
    child.once('error', (error) => resolve(error.message))
    child.once('exit', (code, signal) => resolve(code === 0 ? undefined : `ended with ${signal ?? `exit code ${code}`}`))
  })
  await log.close()
  const pid = child.pid
  if (pid === undefined) throw commandFailure(command, (await exit) ?? 'did not start')
  const endGroup = () => signalGroup(pid)
  around.signal.addEventListener('abort', endGroup, { once: true })
  const ended = exit.then(async (problem) => {
    around.signal.removeEventListener('abort', endGroup)
    throwIfAborted(around.signal, command)
    if (problem !== undefined) throw commandFailure(args.join(' '), `${problem}: ${lastLines(await readFile(logFile, 'utf8'))}`)
  })
  return { pid, ended, logFile }
}

function signalGroup(pid: number): void {
  try {
    process.kill(-pid, 'SIGTERM')
  } catch {
    // It has just ended by itself.
  }
}

function cpuOf({ postmaster, storePids }: Surroundings) {
  return {
    client: processStat('self')?.endedChildrenCpuSeconds ?? 0,
    server: treeCpuSeconds(postmaster),
    store: storePids.reduce((sum, pid) => sum + treeCpuSeconds(pid), 0),
  }
}

/** A backend's time counts for its server once it has ended, a moment after its client. */
async function backendsEnded(postmaster: number, background: ReadonlySet<number>): Promise<void> {
  const deadline = performance.now() + backendsEndWithinMs
  while (performance.now() < deadline) {
    if (childrenOf(postmaster).every((pid) => background.has(pid))) return
    await sleep(pollMs)
  }
}

function commandFailure(command: string, problem: string): Failure {
  return new Failure(`${command} ${problem}`, {
    kind: 'permanent',
    subject: 'bench',
    hint: 'A command that fails is not measured: read its words above, and try it with `--only` and a small `--scale`.',
  })
}
