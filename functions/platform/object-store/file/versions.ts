import { createHash } from 'node:crypto'
import { link, open, readFile, rename, rm, stat, writeFile } from 'node:fs/promises'
import { basename, dirname, join } from 'node:path'
import { changedSince, collectSmall } from '../small-object.ts'
import type { VersionedObject } from '../store.ts'
import { hasCode } from './errors.ts'
import { uploadsName } from './paths.ts'
import { uploadedData } from './upload-folder.ts'

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
 * A file system cannot rename on a condition. So a writer first claims to be "the successor of this version", which only one
 * can (a link fails where the name exists), by a file that names its upload. The rename of that upload's data then happens
 * once at most, whoever does it: a writer that died in between is finished by the next one, and nobody waits for anybody.
 * A claim that comes after the version is over never comes into force, because everybody looks at the version after reading it.
 */
export async function replaceVersion(directory: string, dataPath: string, path: string, version: string): Promise<void> {
  if ((await versionAt(path)) !== version) throw changedSince(path)
  const uploadId = basename(dirname(dataPath))
  const note = join(dirname(dataPath), 'successor')
  await writeFile(note, uploadId, { flush: true })
  const name = createHash('sha256').update(`${path}\n${version}`).digest('hex')
  const claim = join(directory, uploadsName, `successor-${name}`)
  try {
    await link(note, claim)
  } catch (cause) {
    if (!hasCode(cause, 'EEXIST')) throw cause
    await finishClaimed(directory, claim, path, version)
    throw changedSince(path, cause)
  }
  try {
    // Data that is gone is in force already: somebody finished this writer's work.
    if ((await versionAt(path)) === version) await moveOnce(dataPath, path)
    else if (await exists(dataPath)) throw changedSince(path)
  } finally {
    await removeClaim(claim)
  }
}

/** Brings the claim of another writer into force, while the version that it is about is still there. */
async function finishClaimed(directory: string, claim: string, path: string, version: string): Promise<void> {
  const uploadId = await claimant(claim)
  if (uploadId === undefined || (await versionAt(path)) !== version) return
  const dataPath = uploadedData(directory, uploadId)
  const moved = dataPath !== undefined && (await moveOnce(dataPath, path))
  // The data of a writer that died was swept: its claim would bar the object for ever.
  const dead = !moved && (await versionAt(path)) === version && (await claimant(claim)) === uploadId
  if (moved || dead) await removeClaim(claim)
}

/** Whether this was the one rename of the data. */
async function moveOnce(dataPath: string, path: string): Promise<boolean> {
  try {
    await rename(dataPath, path)
    return true
  } catch (thrown) {
    if (hasCode(thrown, 'ENOENT')) return false
    throw thrown
  }
}

/** The upload that a claim names. Undefined when there is no claim any more. */
async function claimant(claim: string): Promise<string | undefined> {
  try {
    return await readFile(claim, 'utf8')
  } catch (thrown) {
    if (hasCode(thrown, 'ENOENT')) return undefined
    throw thrown
  }
}

async function removeClaim(claim: string): Promise<void> {
  await rm(claim, { force: true })
}

async function exists(path: string): Promise<boolean> {
  return (await versionAt(path)) !== undefined
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
