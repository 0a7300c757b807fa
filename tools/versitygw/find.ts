import { createHash } from 'node:crypto'
import { readFile } from 'node:fs/promises'
import { dirname, join } from 'node:path'
import { findProgram, programDirectories } from '../../functions/platform/process/programs.ts'
import { run } from '../../functions/platform/process/run.ts'
import { cacheDirectory } from '../machine/cache.ts'

/** The version that go.mod pins; a binary on PATH must say the same of itself. */
export const versitygwVersion = 'v1.7.0'

/** The Go module whose only purpose is to pin versitygw. */
export const moduleDirectory = import.meta.dirname

/** Arguments of the build, without its output; part of what the cache is keyed by. */
export const buildArgs: readonly string[] = ['build', '-trimpath', '-ldflags', `-s -w -X main.Version=${versitygwVersion}`]

/** Path of versitygw: the right version on PATH, else the one built before; undefined when there is neither. */
export async function findVersitygw(env: NodeJS.ProcessEnv): Promise<string | undefined> {
  const onPath = await findProgram('versitygw', await programDirectories(env))
  if (onPath && (await isRightVersion(onPath))) return onPath
  const built = await builtPath(env)
  return findProgram('versitygw', [dirname(built)])
}

/** Where a build goes: in the user's cache, under the hash of all that it is built from. */
export async function builtPath(env: NodeJS.ProcessEnv): Promise<string> {
  const hash = createHash('sha256')
  for (const file of ['go.mod', 'go.sum']) hash.update(await readFile(join(moduleDirectory, file)))
  hash.update([...buildArgs, process.platform, process.arch].join('\0'))
  return join(cacheDirectory(env), 'tools', hash.digest('hex').slice(0, 16), 'versitygw')
}

async function isRightVersion(path: string): Promise<boolean> {
  const said = await run({ command: path, args: ['--version'], env: {}, timeoutMs: 10_000 }).catch(() => undefined)
  return said?.stdout.match(/Version\s*:\s*(\S+)/)?.[1] === versitygwVersion
}
