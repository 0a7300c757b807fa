import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { homedir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { fileURLToPath } from 'node:url'
import type { Outcome } from '../../functions/platform/outcome.ts'

/** Path of the launcher. */
export const ballast = fileURLToPath(new URL('../../bin/ballast', import.meta.url))

/** How a command ended, and what it said. */
export interface CliEnd {
  code: number | null
  signal: NodeJS.Signals | null
  stdout: string
  stderr: string
}

/** A running command. */
export interface CliRun {
  child: ChildProcess
  /** Sends a signal, and resolves when the command has said that it heard it, or has ended. */
  signal(name: NodeJS.Signals): Promise<void>
  ended: Promise<CliEnd>
}

/**
 * Starts the real command line in the root directory, where no definition lies; the environment is the one given, and
 * nothing else but what finds its programs and its cache.
 */
export function startCli(args: readonly string[], env: Readonly<Record<string, string>>): CliRun {
  const own = { PATH: process.env.PATH, XDG_CACHE_HOME: process.env.XDG_CACHE_HOME ?? join(homedir(), '.cache') }
  const child = spawn(ballast, args, { cwd: '/', env: { ...own, ...env }, stdio: ['ignore', 'pipe', 'pipe'] })
  const said = { stdout: '', stderr: '' }
  const ended = endOf(child, said)
  const signal = async (name: NodeJS.Signals): Promise<void> => {
    child.kill(name)
    const heard = () => said.stderr.includes(': stopping') || child.exitCode !== null || child.signalCode !== null
    while (!heard()) await sleep(10)
  }
  return { child, signal, ended }
}

async function endOf(child: ChildProcess, said: { stdout: string; stderr: string }): Promise<CliEnd> {
  child.stdout?.on('data', (bytes: Buffer) => {
    said.stdout += bytes.toString()
  })
  child.stderr?.on('data', (bytes: Buffer) => {
    said.stderr += bytes.toString()
  })
  const [code, signal] = (await once(child, 'close')) as [number | null, NodeJS.Signals | null]
  return { code, signal, ...said }
}

/** The one object that `--json` prints. */
export function outcomeOf({ stdout, stderr }: Pick<CliEnd, 'stdout' | 'stderr'>): Outcome {
  try {
    return JSON.parse(stdout) as Outcome
  } catch (cause) {
    throw new Error(`stdout is no JSON object: ${stdout}\n${stderr}`, { cause })
  }
}
