import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { text } from 'node:stream/consumers'
import { afterAll, beforeAll } from 'vitest'
import type { Outcome } from '../../functions/platform/outcome.ts'
import { ballast, outcomeOf } from './run-cli.ts'

/** What a command said, and its exit code. */
export interface Said {
  code: number | null
  stdout: string
  stderr: string
}

/** The real command line, in an empty directory of its own. */
export interface CommandLine {
  /** That directory, for definitions and stores; removed at the end. */
  directory(): string
  run(args: readonly string[], env?: Readonly<Record<string, string>>): Promise<Said>
  /** With --json added; the Outcome is stdout as a whole. */
  outcome(args: readonly string[], env?: Readonly<Record<string, string>>): Promise<{ code: number | null; outcome: Outcome }>
}

/** Sets the command line of a test file up; `env` holds for every command. */
export function useCommandLine(env: () => Readonly<Record<string, string>>): CommandLine {
  let directory = ''
  beforeAll(async () => {
    directory = await mkdtemp(join(tmpdir(), 'ballast-cli-'))
  })
  afterAll(() => rm(directory, { recursive: true, force: true }))
  const run: CommandLine['run'] = async (args, more = {}) => {
    const child = spawn(ballast, args, {
      cwd: directory,
      env: { PATH: process.env.PATH, HOME: directory, ...env(), ...more },
      stdio: ['ignore', 'pipe', 'pipe'],
    })
    const [stdout, stderr, [code]] = await Promise.all([text(child.stdout), text(child.stderr), once(child, 'close')])
    return { code: code as number | null, stdout, stderr }
  }
  const outcome: CommandLine['outcome'] = async (args, more) => {
    const said = await run([...args, '--json'], more)
    return { code: said.code, outcome: outcomeOf(said) }
  }
  return { directory: () => directory, run, outcome }
}
