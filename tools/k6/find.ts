import { Failure } from '../../functions/platform/failure.ts'
import { findProgram, programDirectories } from '../../functions/platform/process/programs.ts'
import { run } from '../../functions/platform/process/run.ts'
import { findBuilt, type GoProgram } from '../machine/go-program.ts'

/** What makes load over HTTP and websockets. */
export const k6: GoProgram = {
  name: 'k6',
  version: 'v1.8.1',
  moduleDirectory: import.meta.dirname,
  package: 'go.k6.io/k6',
  buildArgs: ['build', '-trimpath', '-ldflags', '-s -w'],
}

/** A k6 that runs our scripts. */
export interface FoundK6 {
  path: string
  /** As it names itself: `1.8.1`. */
  version: string
}

/** The version in `k6 v1.8.1 (go1.26.8, linux/amd64)`; undefined for one that cannot run our scripts: before 1.0, after 2.x. */
export function usableVersion(said: string): string | undefined {
  const [, version, major] = /^k6(?:\.exe)? v((\d+)\.\d+\.\d+)/.exec(said) ?? []
  return major === '1' || major === '2' ? version : undefined
}

/** The first usable k6 on PATH, else the one built before; undefined when there is neither. */
export async function findK6(env: NodeJS.ProcessEnv): Promise<FoundK6 | undefined> {
  for (const directory of await programDirectories(env)) {
    const found = await asked(await findProgram('k6', [directory]))
    if (found !== undefined) return found
  }
  return asked(await findBuilt(k6, env))
}

/** As {@link findK6}. @throws Failure of kind `config` that says how to get one. */
export async function requireK6(env: NodeJS.ProcessEnv): Promise<FoundK6> {
  const found = await findK6(env)
  if (found !== undefined) return found
  throw new Failure('there is no k6 to make load with, neither on PATH (1.0 or newer, 2.x too) nor built', {
    kind: 'config',
    subject: 'k6',
    hint: `Build k6 ${k6.version} with \`tools/setup --handover\` (once, about a minute), or install k6.`,
  })
}

async function asked(path: string | undefined): Promise<FoundK6 | undefined> {
  if (path === undefined) return undefined
  const env = { K6_NO_USAGE_REPORT: 'true' }
  const said = await run({ command: path, args: ['version'], env, timeoutMs: 10_000 }).catch(() => undefined)
  const version = usableVersion(said?.stdout ?? '')
  return version === undefined ? undefined : { path, version }
}
