import { createHash } from 'node:crypto'
import { access, readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { cacheDirectory } from '../../functions/platform/cache-directory.ts'

/** The package whose only purpose is to pin Amazon's client. */
export const packageDirectory = join(import.meta.dirname, 'package')

/** The client that Amazon runs functions with, as a program for Node; undefined where it has not been built. */
export async function findLambdaRuntime(env: NodeJS.ProcessEnv): Promise<string | undefined> {
  const directory = join(await builtDirectory(env), 'node_modules', 'aws-lambda-ric')
  const there = await access(join(directory, 'rapid-client.node')).then(
    () => true,
    () => false,
  )
  return there ? join(directory, 'index.mjs') : undefined
}

/** Where a build goes: in the user's cache, under the hash of all that it is built from. */
export async function builtDirectory(env: NodeJS.ProcessEnv): Promise<string> {
  const hash = createHash('sha256')
  for (const file of ['package.json', 'package-lock.json']) hash.update(await readFile(join(packageDirectory, file)))
  hash.update([process.versions.modules, process.platform, process.arch].join('\0'))
  return join(cacheDirectory(env), 'tools', hash.digest('hex').slice(0, 16), 'lambda-runtime')
}
