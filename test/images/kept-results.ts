import { readFile, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { type KeptDirectories, keepDirectory, keptDirectory } from '../../functions/images/base/kept-directories.ts'
import { cacheDirectory } from '../../functions/platform/cache-directory.ts'

/** What vitest's JSON report says of one file; more is kept than is named here. */
export interface FileResult {
  /** Path of the file. */
  name: string
  status: string
  assertionResults: { status: string; title: string }[]
}

const kept: KeptDirectories = { parent: join(cacheDirectory(process.env), 'images', 'results'), limit: 40 }
const fileName = 'result.json'

/** The result of a file whose tests passed with these very inputs. */
export async function keptResult(key: string): Promise<FileResult | undefined> {
  const directory = await keptDirectory(kept, key)
  if (directory === undefined) return undefined
  return JSON.parse(await readFile(join(directory, fileName), 'utf8')) as FileResult
}

/** Only what passed is worth keeping: what failed is run again. */
export async function keepResult(key: string, result: FileResult): Promise<void> {
  await keepDirectory(kept, key, (directory) => writeFile(join(directory, fileName), JSON.stringify(result)))
}
