import { Failure } from '../../platform/failure.ts'
import { findProgram, programDirectories } from '../../platform/process/programs.ts'
import { run } from '../../platform/process/run.ts'

/** The Packer of this machine. */
export interface Packer {
  path: string
  version: string
  /**
   * `builtin`: 1.6, which has its builders compiled in and knows fewer keys. `plugins`: 1.7 and newer, which fetches the
   * builders that the template pins.
   */
  generation: 'builtin' | 'plugins'
}

/** What `packer version` prints first, such as `Packer v1.16.0`; undefined for anything else, or for Packer before 1.6. */
export function parsePackerVersion(text: string): Omit<Packer, 'path'> | undefined {
  const [, version = '', major, minor] = /^Packer v((\d+)\.(\d+)\.\d+)/.exec(text) ?? []
  if (version === '' || (Number(major) === 1 && Number(minor) < 6)) return undefined
  return { version, generation: Number(major) === 1 && Number(minor) < 7 ? 'builtin' : 'plugins' }
}

/** @throws Failure of kind `config` where there is no Packer, or none that reads the templates. */
export async function findPacker(env: NodeJS.ProcessEnv): Promise<Packer> {
  const path = await findProgram('packer', await programDirectories(env))
  if (path === undefined) throw unusable('Packer is not installed')
  const { stdout } = await run({ command: path, args: ['version'], env: { CHECKPOINT_DISABLE: '1' }, timeoutMs: 60_000 })
  const found = parsePackerVersion(stdout)
  if (found === undefined) throw unusable(`${path} is not a Packer that reads HCL2 templates`)
  return { path, ...found }
}

function unusable(message: string): Failure {
  return new Failure(message, {
    ...{ kind: 'config', subject: 'packer' },
    hint: "Run `tools/setup --images` for Debian's Packer, or put a newer one on PATH.",
  })
}
