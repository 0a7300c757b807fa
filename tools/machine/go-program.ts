import { createHash } from 'node:crypto'
import { mkdir, readFile, rename, rm } from 'node:fs/promises'
import { dirname, join } from 'node:path'
import { cacheDirectory } from '../../functions/platform/cache-directory.ts'
import { findProgram } from '../../functions/platform/process/programs.ts'
import { run } from '../../functions/platform/process/run.ts'
import { requireGo, usableGo } from './go.ts'

const buildWithinMs = 20 * 60_000

/** A program in Go, pinned by a module of ours that has no other purpose. */
export interface GoProgram {
  name: string
  version: string
  /** Directory of that module. */
  moduleDirectory: string
  /** What is built. */
  package: string
  /** Arguments of the build, without its output; part of what the cache is keyed by. */
  buildArgs: readonly string[]
}

/** Where a build goes: in the user's cache, under the hash of all that it is built from. */
export async function builtPath({ name, moduleDirectory, buildArgs }: GoProgram, env: NodeJS.ProcessEnv): Promise<string> {
  const hash = createHash('sha256')
  for (const file of ['go.mod', 'go.sum']) hash.update(await readFile(join(moduleDirectory, file)))
  hash.update([...buildArgs, process.platform, process.arch].join('\0'))
  return join(cacheDirectory(env), 'tools', hash.digest('hex').slice(0, 16), name)
}

/** Path of a program that was built before. */
export async function findBuilt(program: GoProgram, env: NodeJS.ProcessEnv): Promise<string | undefined> {
  return findProgram(program.name, [dirname(await builtPath(program, env))])
}

/**
 * Builds a program into the user's cache and returns its path. Two builds at the same time both end well: the finished file
 * is moved into place in one step.
 */
export async function buildGoProgram(program: GoProgram, env: NodeJS.ProcessEnv): Promise<string> {
  const path = await builtPath(program, env)
  const unfinished = `${path}.${process.pid}`
  const settings = goSettings(env)
  const installed = await requireGo(env, `${program.name} ${program.version}`)
  const go = await usableGo(installed, program.moduleDirectory, settings)
  await mkdir(dirname(path), { recursive: true })
  try {
    await run({
      command: go.path,
      args: [...program.buildArgs, '-o', unfinished, program.package],
      env: { ...settings, ...go.env },
      cwd: program.moduleDirectory,
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
