import { readFile } from 'node:fs/promises'
import type { Cluster } from '../../config/cluster.ts'
import type { AgeIdentity } from '../../functions/platform/encryption/age-identity.ts'
import { definedIdentity } from '../../functions/runtime/definition/defined-identity.ts'
import { configFailure } from './config-failure.ts'

/** What opens encrypted sets: the file of --identity, else the definition's secret; undefined where neither is given. */
export async function ageIdentity(
  file: string | undefined,
  definition: Cluster | undefined,
  env: NodeJS.ProcessEnv,
): Promise<AgeIdentity | undefined> {
  if (file === undefined) return definition && (await definedIdentity(definition, env))
  const { AgeIdentity } = await import('../../functions/platform/encryption/age-identity.ts')
  return AgeIdentity.parse(await fileText(file), file)
}

async function fileText(file: string): Promise<string> {
  try {
    return await readFile(file, 'utf8')
  } catch (error) {
    const code = error instanceof Error && 'code' in error ? String(error.code) : 'unknown error'
    throw configFailure(
      `the identity cannot be read (${code})`,
      file,
      'Give a file that this user can read, as age-keygen wrote it.',
    )
  }
}
