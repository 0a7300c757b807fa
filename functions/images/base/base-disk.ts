import { readFile, rm, stat, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { cacheDirectory } from '../../platform/cache-directory.ts'
import { fileSha256 } from '../file-sha256.ts'
import { type BaseRecipe, recipeKey } from './base-recipe.ts'
import { type KeptDirectories, keepDirectory, keptDirectory } from './kept-directories.ts'
import { type BaseTools, makeBaseDisk } from './make-base-disk.ts'

/** A disk that images are baked from. */
export interface BaseDisk {
  /** A qcow2 file. */
  path: string
  /** SHA-256 of the file, in hex. */
  sha256: string
}

/** How a base disk is come by. */
export interface BaseOptions extends BaseTools {
  /** Told before it takes minutes. */
  say(line: string): void
}

/** After so many days the packages have had updates, and the disk is made anew. */
const freshDays = 7
const dayMs = 24 * 60 * 60_000
const keptDisks = 4
const diskName = 'base.qcow2'
const checksumName = 'base.sha256'

/** The recipe's disk: the one made before, in the user's cache, while it is fresh; else a new one. */
export async function baseDisk(recipe: BaseRecipe, options: BaseOptions): Promise<BaseDisk> {
  const kept: KeptDirectories = { parent: join(cacheDirectory(options.env), 'images', 'bases'), limit: keptDisks }
  const key = recipeKey(recipe)
  const earlier = await keptDirectory(kept, key)
  if (earlier !== undefined && (await isFresh(earlier))) return await readBase(earlier)
  options.say(`making a base disk of ${recipe.suite} with ${recipe.packages.length} packages and what those need (once a week)`)
  const made = await keepDirectory(kept, key, async (directory) => {
    const work = join(directory, 'work')
    const disk = join(directory, diskName)
    await makeBaseDisk(recipe, disk, work, options)
    await rm(work, { recursive: true })
    await writeFile(join(directory, checksumName), await fileSha256(disk))
  })
  return await readBase(made)
}

/** The checksum is written once, when the disk is made; using the disk changes its directory's time only. */
async function isFresh(directory: string): Promise<boolean> {
  const { mtimeMs } = await stat(join(directory, checksumName))
  return Date.now() - mtimeMs < freshDays * dayMs
}

async function readBase(directory: string): Promise<BaseDisk> {
  return { path: join(directory, diskName), sha256: await readFile(join(directory, checksumName), 'utf8') }
}
