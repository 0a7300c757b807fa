import { mkdir, open } from 'node:fs/promises'
import { dirname } from 'node:path'
import { hasCode } from './errors.ts'

/** Backups are nobody else's business, whatever the umask. */
const ownerOnly = 0o700

/**
 * Makes a folder, and those above it that are missing. Node's own recursive mkdir reports a read-only file system as a
 * missing folder.
 *
 * @returns the folders that have a new entry.
 */
export async function makeFolders(path: string): Promise<string[]> {
  try {
    await mkdir(path, ownerOnly)
    return [dirname(path)]
  } catch (thrown) {
    // A file of that name is reported by whoever then uses it as a folder.
    if (hasCode(thrown, 'EEXIST')) return []
    if (!hasCode(thrown, 'ENOENT') || path === dirname(path)) throw thrown
  }
  const above = await makeFolders(dirname(path))
  await mkdir(path, ownerOnly).catch((thrown) => {
    if (!hasCode(thrown, 'EEXIST')) throw thrown
  })
  return [...above, dirname(path)]
}

/** Makes new entries of a folder survive a power cut. */
export async function syncFolder(path: string): Promise<void> {
  const handle = await open(path, 'r')
  try {
    await handle.sync()
  } finally {
    await handle.close()
  }
}
