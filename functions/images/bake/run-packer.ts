import { mkdir } from 'node:fs/promises'
import { join } from 'node:path'
import type { Guard } from '../../platform/guard/guard.ts'
import { runLogged } from '../../platform/guard/run-logged.ts'
import type { Packer } from './find-packer.ts'

/** One build. */
export interface PackerBuild {
  packer: Packer
  /** Directory of the template. */
  template: string
  variables: Readonly<Record<string, string>>
  /** Takes Packer's own files. */
  directory: string
  /** File that takes its output. */
  log: string
  /** Beside the path: what the builder logs in to its cloud with, and HOME where plugins are kept. */
  env: Readonly<Record<string, string>>
  signal?: AbortSignal | undefined
  onLine: (line: string) => void
}

const minutes = 60_000
const initWithinMs = 10 * minutes
const buildWithinMs = 2 * 60 * minutes

/** Builds a template; a Packer with plugins fetches first those that the template pins. */
export async function runPacker(guard: Guard, build: PackerBuild): Promise<void> {
  const { packer, template, variables, directory, log, signal, onLine } = build
  const home = join(directory, 'packer')
  await mkdir(home, { recursive: true, mode: 0o700 })
  const env = {
    PATH: '/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin',
    ...{ HOME: home, TMPDIR: home, PACKER_CACHE_DIR: home },
    // Packer would ask its maker for news, and draw colours.
    ...{ CHECKPOINT_DISABLE: '1', PACKER_NO_COLOR: '1' },
    ...build.env,
  }
  const common = { command: packer.path, env, cwd: directory, log, signal, onLine }
  if (packer.generation === 'plugins') {
    await runLogged(guard, { ...common, args: ['init', template], timeoutMs: initWithinMs })
  }
  const given = Object.entries(variables).flatMap(([name, value]) => ['-var', `${name}=${value}`])
  await runLogged(guard, { ...common, args: ['build', '-color=false', ...given, template], timeoutMs: buildWithinMs })
}
