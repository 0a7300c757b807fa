import { rmdir, unlink } from 'node:fs/promises'
import { dirname } from 'node:path'
import { throwIfAborted } from '../../abort.ts'
import type { Failure } from '../../failure.ts'
import { fileFailure, hasCode } from './errors.ts'
import { objectPath } from './paths.ts'

/** Deletes the objects, and the folders that this leaves empty. All are tried; the first refusal is then thrown. */
export async function removeObjects(
  directory: string,
  keys: readonly string[],
  signal: AbortSignal | undefined,
): Promise<void> {
  let first: Failure | undefined
  for (const key of keys) {
    throwIfAborted(signal, directory)
    const path = objectPath(directory, key)
    try {
      await unlink(path)
      await tidy(directory, dirname(path))
    } catch (thrown) {
      if (!isMissing(thrown)) first ??= fileFailure(thrown, 'Deleting objects', path)
    }
  }
  if (first !== undefined) throw first
}

/** EISDIR: the key is only a prefix of others, so no object has it. */
function isMissing(thrown: unknown): boolean {
  return hasCode(thrown, 'ENOENT', 'ENOTDIR', 'EISDIR')
}

async function tidy(directory: string, parent: string): Promise<void> {
  for (let folder = parent; folder.length > directory.length; folder = dirname(folder)) {
    try {
      await rmdir(folder)
    } catch {
      // Not empty, or filled again meanwhile: either way it stays.
      return
    }
  }
}
