import { cp, mkdir, rename, rm } from 'node:fs/promises'
import { dirname, join } from 'node:path'
import { Failure } from '../../functions/platform/failure.ts'
import { findProgram, programDirectories } from '../../functions/platform/process/programs.ts'
import { run } from '../../functions/platform/process/run.ts'
import { builtDirectory, findLambdaRuntime, packageDirectory } from './find.ts'

const buildWithinMs = 15 * 60_000

/** Debian packages that its native part is built with, and a program of each by which it is known to be there. */
export const buildPackages: readonly { package: string; program: string }[] = [
  { package: 'g++', program: 'g++' },
  { package: 'make', program: 'make' },
  { package: 'cmake', program: 'cmake' },
  { package: 'autoconf', program: 'autoconf' },
  { package: 'automake', program: 'automake' },
  { package: 'libtool', program: 'libtoolize' },
  { package: 'm4', program: 'm4' },
  { package: 'python3', program: 'python3' },
  { package: 'unzip', program: 'unzip' },
  { package: 'xz-utils', program: 'xz' },
]

/** Path of the client, built now if it has to be. */
export async function lambdaRuntimePath(env: NodeJS.ProcessEnv = process.env): Promise<string> {
  return (await findLambdaRuntime(env)) ?? (await buildLambdaRuntime(env))
}

/** Those of the packages of which the program is missing. */
export async function missingBuildPackages(env: NodeJS.ProcessEnv): Promise<string[]> {
  const directories = await programDirectories(env)
  const missing: string[] = []
  for (const { package: name, program } of buildPackages) {
    if ((await findProgram(program, directories)) === undefined) missing.push(name)
  }
  return missing
}

/**
 * Builds the client into the user's cache, against the headers of the Node that runs this. Two builds at the same time both
 * end well: the finished directory is moved into place in one step.
 */
export async function buildLambdaRuntime(env: NodeJS.ProcessEnv): Promise<string> {
  const directory = await builtDirectory(env)
  const unfinished = `${directory}.${process.pid}`
  await mkdir(unfinished, { recursive: true })
  try {
    for (const file of ['package.json', 'package-lock.json']) await cp(join(packageDirectory, file), join(unfinished, file))
    await run({
      command: await requireProgram('npm', env),
      args: ['ci', '--no-audit', '--no-fund', '--loglevel=error'],
      env: npmSettings(env),
      cwd: unfinished,
      timeoutMs: buildWithinMs,
    })
    await rename(unfinished, directory).catch(async (error: unknown) => {
      if ((await findLambdaRuntime(env)) === undefined) throw error
    })
  } finally {
    await rm(unfinished, { recursive: true, force: true })
  }
  const built = await findLambdaRuntime(env)
  if (built !== undefined) return built
  throw new Failure("npm ended well, but built no client of Lambda's", {
    kind: 'permanent',
    subject: directory,
    hint: `Install what it is built with, then run \`tools/setup --test\` again: ${buildPackages.map((one) => one.package).join(' ')}`,
  })
}

/** The headers lie beside the Node that npm installed; nothing is downloaded for them. */
function npmSettings(env: NodeJS.ProcessEnv): Record<string, string> {
  const given = Object.entries(env).filter((entry): entry is [string, string] => entry[1] !== undefined)
  const bin = dirname(process.execPath)
  return { ...Object.fromEntries(given), PATH: `${bin}:${env.PATH ?? ''}`, npm_config_nodedir: dirname(bin) }
}

async function requireProgram(name: string, env: NodeJS.ProcessEnv): Promise<string> {
  const path = await findProgram(name, await programDirectories(env))
  if (path !== undefined) return path
  throw new Failure(`there is no ${name}`, { kind: 'config', subject: name, hint: `Install ${name}, then run it again.` })
}
