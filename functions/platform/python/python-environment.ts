import { createHash } from 'node:crypto'
import { mkdir, readFile, rename, rm } from 'node:fs/promises'
import { dirname, join } from 'node:path'
import { cacheDirectory } from '../cache-directory.ts'
import { Failure } from '../failure.ts'
import { findProgram, programDirectories } from '../process/programs.ts'
import { run } from '../process/run.ts'

/** Python programs with everything that they need, in a virtual environment of their own. */
export interface PythonEnvironment {
  /** Names it in the cache and in messages. */
  name: string
  /** Versions and checksums of all packages; made with `uv pip compile --universal --generate-hashes`. */
  requirementsFile: string
}

const buildWithinMs = 15 * 60_000

/** The environment's Python. Undefined where it has not been built, or there is no Python. */
export async function findEnvironment(wanted: PythonEnvironment, env: NodeJS.ProcessEnv): Promise<string | undefined> {
  const python = await findPython(env)
  return python && findProgram('python3', [join(await builtDirectory(wanted, python, env), 'bin')])
}

/**
 * Makes the environment in the user's cache, from checksummed wheels alone, and returns its Python. Two builds at the same
 * time both end well: the finished directory is moved into place in one step.
 */
export async function buildEnvironment(wanted: PythonEnvironment, env: NodeJS.ProcessEnv): Promise<string> {
  const python = await requirePython(wanted.name, env)
  const directory = await builtDirectory(wanted, python, env)
  const unfinished = `${directory}.${process.pid}`
  const inside = { env: pythonSettings(env), timeoutMs: buildWithinMs }
  const checked = ['--quiet', '--no-deps', '--require-hashes', '--only-binary', ':all:']
  const install = [...checked, '--requirement', wanted.requirementsFile]
  await mkdir(dirname(directory), { recursive: true })
  try {
    await run({ command: python, args: ['-m', 'venv', unfinished], ...inside })
    // As a module: the scripts of an environment hold its path, and this one is moved.
    await run({ command: join(unfinished, 'bin', 'python3'), args: ['-m', 'pip', 'install', ...install], ...inside })
    await rename(unfinished, directory).catch(async (error: unknown) => {
      if ((await findEnvironment(wanted, env)) === undefined) throw error
    })
  } finally {
    await rm(unfinished, { recursive: true, force: true })
  }
  return join(directory, 'bin', 'python3')
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
async function builtDirectory(wanted: PythonEnvironment, python: string, env: NodeJS.ProcessEnv): Promise<string> {
  const version = await run({ command: python, args: ['--version'], env: pythonSettings(env), timeoutMs: 30_000 })
  const hash = createHash('sha256').update(await readFile(wanted.requirementsFile))
  hash.update([python, version.stdout, process.platform, process.arch].join('\0'))
  return join(cacheDirectory(env), 'tools', hash.digest('hex').slice(0, 16), wanted.name)
}

/** The caller's own settings for pip and the network pass through; modules from elsewhere do not. */
function pythonSettings(env: NodeJS.ProcessEnv): Record<string, string> {
  const given = Object.entries(env).filter((entry): entry is [string, string] => entry[1] !== undefined)
  const { PYTHONPATH: _path, PYTHONHOME: _home, ...rest } = Object.fromEntries(given)
  return rest
}

async function requirePython(name: string, env: NodeJS.ProcessEnv): Promise<string> {
  const python = await findPython(env)
  if (python) return python
  throw new Failure(`${name} is not built, and there is no Python 3.10 or newer with venv to build it with`, {
    kind: 'config',
    subject: name,
    hint: 'Install it (`apt-get install python3-venv`) and run `tools/setup` again.',
  })
}
