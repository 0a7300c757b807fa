import { createHash } from 'node:crypto'
import { link, open, rename, stat, unlink } from 'node:fs/promises'
import { join } from 'node:path'
import { changedSince, collectSmall } from '../small-object.ts'
import type { VersionedObject } from '../store.ts'
import { hasCode } from './errors.ts'
import { uploadsName } from './paths.ts'

/** A file and its version, which belong together because every replacement is another file. Undefined when there is none. */
export async function readVersioned(path: string): Promise<VersionedObject | undefined> {
  try {
    const handle = await open(path, 'r')
    try {
      const facts = await handle.stat({ bigint: true })
      if (!facts.isFile()) return undefined
      const bytes = await collectSmall(handle.createReadStream({ autoClose: false }), path)
      return { bytes, version: versionOf(facts) }
    } finally {
      await handle.close()
    }
  } catch (thrown) {
    if (hasCode(thrown, 'ENOENT', 'ENOTDIR')) return undefined
    throw thrown
  }
}

/**
 * Gives finished bytes the name of a file that still has the given version.
 *
 * A file system cannot rename on a condition. So the bytes first take a name that stands for "the successor of this
 * version", which only one writer can have (a link fails where the name exists) and which holds all that is needed to
 * finish: a writer that died in between is finished by the next one, and nobody waits for anybody.
 */
export async function replaceVersion(directory: string, dataPath: string, path: string, version: string): Promise<void> {
  if ((await versionAt(path)) !== version) throw changedSince(path)
  const name = createHash('sha256').update(`${path}\n${version}`).digest('hex')
  const claim = join(directory, uploadsName, `successor-${name}`)
  try {
    await link(dataPath, claim)
  } catch (cause) {
    if (!hasCode(cause, 'EEXIST')) throw cause
    // Somebody was first. The version is looked at again: a claim on one that is over must not come into force.
    if ((await versionAt(path)) === version) await finish(claim, path)
    throw changedSince(path, cause)
  }
  if ((await versionAt(path)) !== version) {
    await unlink(claim)
    throw changedSince(path)
  }
  await finish(claim, path)
}

/** Inode numbers and times of a new file together do not come back. */
function versionOf({ ino, mtimeNs, size }: { ino: bigint; mtimeNs: bigint; size: bigint }): string {
  return `${ino}-${mtimeNs}-${size}`
}

async function versionAt(path: string): Promise<string | undefined> {
  try {
    return versionOf(await stat(path, { bigint: true }))
  } catch (thrown) {
    if (hasCode(thrown, 'ENOENT', 'ENOTDIR')) return undefined
    throw thrown
  }
}

/** Whoever comes second finds the claim gone, which means that it is in force. */
async function finish(claim: string, path: string): Promise<void> {
  await rename(claim, path).catch((thrown) => {
    if (!hasCode(thrown, 'ENOENT')) throw thrown
  })
}
