import { link, unlink } from 'node:fs/promises'
import { dirname } from 'node:path'
import { Failure } from '../../failure.ts'
import { hasCode } from './errors.ts'
import { makeFolders, syncFolder } from './folders.ts'

/** Times a parent directory may vanish under us (a concurrent delete tidies empty ones away). */
const attempts = 5

/**
 * Gives finished bytes their name, all at once and for good: the name survives a power cut once this has resolved.
 *
 * @param move gives the name to the bytes, on whatever condition.
 */
export async function publish(path: string, move: () => Promise<void>): Promise<void> {
  for (let attempt = 1; ; attempt += 1) {
    const changed = await makeFolders(dirname(path))
    try {
      await move()
      for (const folder of [...changed, dirname(path)]) await syncFolder(folder)
      return
    } catch (thrown) {
      if (!hasCode(thrown, 'ENOENT') || attempt >= attempts) throw thrown
    }
  }
}

/** Names bytes where no object has the name yet: a hard link fails where one has, which a rename does not. */
export async function linkNew(dataPath: string, path: string): Promise<void> {
  try {
    await link(dataPath, path)
  } catch (cause) {
    if (!hasCode(cause, 'EEXIST')) throw cause
    throw new Failure('An object with this key exists already', {
      kind: 'permanent',
      subject: path,
      code: 'PreconditionFailed',
      hint: 'It was left untouched; take another name, or delete it first.',
      cause,
    })
  }
  await unlink(dataPath)
}
