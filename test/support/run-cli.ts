import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
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
  ended: Promise<CliEnd>
}

/**
 * Starts the real command line in the root directory, where no definition lies; the environment is the one given, and
 * nothing else but PATH.
 */
export function startCli(args: readonly string[], env: Readonly<Record<string, string>>): CliRun {
  const child = spawn(ballast, args, { cwd: '/', env: { PATH: process.env.PATH, ...env }, stdio: ['ignore', 'pipe', 'pipe'] })
  return { child, ended: endOf(child) }
}

async function endOf(child: ChildProcess): Promise<CliEnd> {
  let stdout = ''
  let stderr = ''
  child.stdout?.on('data', (bytes: Buffer) => {
    stdout += bytes.toString()
  })
  child.stderr?.on('data', (bytes: Buffer) => {
    stderr += bytes.toString()
  })
  const [code, signal] = (await once(child, 'close')) as [number | null, NodeJS.Signals | null]
  return { code, signal, stdout, stderr }
}

/** The one object that `--json` prints. */
export function outcomeOf({ stdout, stderr }: Pick<CliEnd, 'stdout' | 'stderr'>): Outcome {
  try {
    return JSON.parse(stdout) as Outcome
  } catch (cause) {
    throw new Error(`stdout is no JSON object: ${stdout}\n${stderr}`, { cause })
  }
}
