import { mkdir, rename, rm } from 'node:fs/promises'
import { dirname } from 'node:path'
import { Failure } from '../../functions/platform/failure.ts'
import { findProgram, programDirectories } from '../../functions/platform/process/programs.ts'
import { run } from '../../functions/platform/process/run.ts'
import { usableGo } from '../machine/go.ts'
import { buildArgs, builtPath, findVersitygw, moduleDirectory, versitygwVersion } from './find.ts'

const buildWithinMs = 20 * 60_000

/** Path of versitygw, built now if it has to be. */
export async function versitygwPath(env: NodeJS.ProcessEnv = process.env): Promise<string> {
  return (await findVersitygw(env)) ?? (await buildVersitygw(env))
}

/**
 * Builds versitygw into the user's cache and returns its path. Two builds at the same time both end well: the finished
 * file is moved into place in one step.
 */
export async function buildVersitygw(env: NodeJS.ProcessEnv): Promise<string> {
  const path = await builtPath(env)
  const unfinished = `${path}.${process.pid}`
  const settings = goSettings(env)
  const go = await usableGo(await requireGo(env), moduleDirectory, settings)
  await mkdir(dirname(path), { recursive: true })
  try {
    await run({
      command: go.path,
      args: [...buildArgs, '-o', unfinished, 'github.com/versity/versitygw/cmd/versitygw'],
      env: { ...settings, ...go.env },
      cwd: moduleDirectory,
      timeoutMs: buildWithinMs,
    })
    await rename(unfinished, path)
  } finally {
    await rm(unfinished, { force: true })
    await go.release()
  }
  return path
}

/** The caller's own settings for Go and the network pass through; a workspace or flags from elsewhere do not. */
function goSettings(env: NodeJS.ProcessEnv): Record<string, string> {
  const given = Object.entries(env).filter((entry): entry is [string, string] => entry[1] !== undefined)
  return { ...Object.fromEntries(given), GOWORK: 'off', GOFLAGS: '-buildvcs=false', CGO_ENABLED: '0' }
}

/** Path of the Go on this machine, of whatever version, when there is one. */
export async function findGo(env: NodeJS.ProcessEnv): Promise<string | undefined> {
  return findProgram('go', await programDirectories(env))
}

/** As {@link findGo}; a Failure that says how to get one when there is none. */
export async function requireGo(env: NodeJS.ProcessEnv): Promise<string> {
  const go = await findGo(env)
  if (go) return go
  throw new Failure(`versitygw ${versitygwVersion} is neither on PATH nor built, and there is no Go to build it with`, {
    kind: 'config',
    subject: 'versitygw',
    hint: 'Install Go (`apt-get install golang-go`) and run `tools/setup` again.',
  })
}
