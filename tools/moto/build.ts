import { mkdir, rename, rm } from 'node:fs/promises'
import { dirname, join } from 'node:path'
import { Failure } from '../../functions/platform/failure.ts'
import { run } from '../../functions/platform/process/run.ts'
import { builtDirectory, findMoto, findPython, motoVersion, pythonSettings, requirementsFile } from './find.ts'

const buildWithinMs = 15 * 60_000

/** The Python that runs moto (`<python> -m moto.server`), its environment built now if it has to be. */
export async function motoPython(env: NodeJS.ProcessEnv = process.env): Promise<string> {
  return (await findMoto(env)) ?? (await buildMoto(env))
}

/**
 * Makes a virtual environment with moto server in the user's cache, from checksummed wheels alone, and returns its Python.
 * Two builds at the same time both end well: the finished directory is moved into place in one step.
 */
export async function buildMoto(env: NodeJS.ProcessEnv): Promise<string> {
  const python = await requirePython(env)
  const directory = await builtDirectory(python, env)
  const unfinished = `${directory}.${process.pid}`
  const inside = { env: pythonSettings(env), timeoutMs: buildWithinMs }
  const install = ['--quiet', '--no-deps', '--require-hashes', '--only-binary', ':all:', '--requirement', requirementsFile]
  await mkdir(dirname(directory), { recursive: true })
  try {
    await run({ command: python, args: ['-m', 'venv', unfinished], ...inside })
    // As a module: the scripts of an environment hold its path, and this one is moved.
    await run({ command: join(unfinished, 'bin', 'python3'), args: ['-m', 'pip', 'install', ...install], ...inside })
    await rename(unfinished, directory).catch(async (error: unknown) => {
      if ((await findMoto(env)) === undefined) throw error
    })
  } finally {
    await rm(unfinished, { recursive: true, force: true })
  }
  return join(directory, 'bin', 'python3')
}

async function requirePython(env: NodeJS.ProcessEnv): Promise<string> {
  const python = await findPython(env)
  if (python) return python
  throw new Failure(
    `moto server ${motoVersion} is not built, and there is no Python 3.10 or newer with venv to build it with`,
    {
      kind: 'config',
      subject: 'moto',
      hint: 'Install it (`apt-get install python3-venv`) and run `tools/setup` again.',
    },
  )
}
