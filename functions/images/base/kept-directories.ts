import { mkdir, mkdtemp, readdir, rename, rm, stat, utimes } from 'node:fs/promises'
import { join } from 'node:path'

/** Directories that are made once and kept; of too many, those that were not used for longest are removed. */
export interface KeptDirectories {
  parent: string
  /** How many stay. */
  limit: number
}

const unfinished = '.unfinished-'
/** A run that was killed leaves an unfinished directory behind; nothing works on one for so long. */
const abandonedAfterMs = 24 * 60 * 60_000

/** The directory of this name, if it is kept; using it keeps it longer. */
export async function keptDirectory({ parent }: KeptDirectories, name: string): Promise<string | undefined> {
  const directory = join(parent, name)
  const now = new Date()
  return await utimes(directory, now, now).then(
    () => directory,
    () => undefined,
  )
}

/** Makes the directory of this name, in place of one that is there. A run that fails leaves nothing. */
export async function keepDirectory(
  kept: KeptDirectories,
  name: string,
  make: (directory: string) => Promise<void>,
): Promise<string> {
  const { parent } = kept
  const directory = join(parent, name)
  await mkdir(parent, { recursive: true })
  const own = await mkdtemp(join(parent, unfinished))
  try {
    await make(own)
    await rm(directory, { recursive: true, force: true })
    await rename(own, directory).catch(async (error: unknown) => {
      // Another run was faster; its directory is as good.
      if ((await keptDirectory(kept, name)) === undefined) throw error
    })
  } finally {
    await rm(own, { recursive: true, force: true })
  }
  await removeUnused(kept)
  return directory
}

async function removeUnused({ parent, limit }: KeptDirectories): Promise<void> {
  const entries = await Promise.all(
    (await readdir(parent)).map(async (name) => ({ name, usedMs: (await stat(join(parent, name))).mtimeMs })),
  )
  const finished = entries.filter(({ name }) => !name.startsWith(unfinished)).sort((a, b) => b.usedMs - a.usedMs)
  const abandoned = entries.filter(({ name, usedMs }) => name.startsWith(unfinished) && usedMs < Date.now() - abandonedAfterMs)
  for (const { name } of [...finished.slice(limit), ...abandoned]) {
    await rm(join(parent, name), { recursive: true, force: true })
  }
}
