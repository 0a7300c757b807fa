import { createHash } from 'node:crypto'
import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { findProgram, programDirectories } from '../../functions/platform/process/programs.ts'
import { run } from '../../functions/platform/process/run.ts'
import { cacheDirectory } from '../machine/cache.ts'

/** The version of moto server that requirements.txt pins. */
export const motoVersion = '5.2.5'

/** Everything that moto needs, with versions and checksums; made with `uv pip compile --universal --generate-hashes`. */
export const requirementsFile = join(import.meta.dirname, 'requirements.txt')

/** The Python that runs moto: `<python> -m moto.server`. Undefined where it has not been built, or there is no Python. */
export async function findMoto(env: NodeJS.ProcessEnv): Promise<string | undefined> {
  const python = await findPython(env)
  return python && findProgram('python3', [join(await builtDirectory(python, env), 'bin')])
}

/** Path of the Python on this machine, when there is one that can make a virtual environment. */
export async function findPython(env: NodeJS.ProcessEnv): Promise<string | undefined> {
  const python = await findProgram('python3', await programDirectories(env))
  if (python === undefined) return undefined
  const usable = 'import ensurepip, sys, venv; assert sys.version_info >= (3, 10)'
  const said = await run({ command: python, args: ['-c', usable], env: pythonSettings(env), timeoutMs: 30_000 }).catch(
    () => undefined,
  )
  return said && python
}

/** Where a build goes: in the user's cache, under the hash of all that it is built from. */
export async function builtDirectory(python: string, env: NodeJS.ProcessEnv): Promise<string> {
  const version = await run({ command: python, args: ['--version'], env: pythonSettings(env), timeoutMs: 30_000 })
  const hash = createHash('sha256').update(await readFile(requirementsFile))
  hash.update([python, version.stdout, process.platform, process.arch].join('\0'))
  return join(cacheDirectory(env), 'tools', hash.digest('hex').slice(0, 16), 'moto')
}

/** The caller's own settings for pip and the network pass through; modules from elsewhere do not. */
export function pythonSettings(env: NodeJS.ProcessEnv): Record<string, string> {
  const given = Object.entries(env).filter((entry): entry is [string, string] => entry[1] !== undefined)
  const { PYTHONPATH: _path, PYTHONHOME: _home, ...rest } = Object.fromEntries(given)
  return rest
}
