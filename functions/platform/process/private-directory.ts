import { randomUUID } from 'node:crypto'
import { mkdir } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { Failure } from '../failure.ts'
import { startGuard } from '../guard/guard.ts'

/** A directory that only this user may enter. */
export interface PrivateDirectory {
  path: string
  /** Removes it with all it holds. */
  dispose(): Promise<void>
}

/** Makes one among the temporary files; it is removed as well when this process is killed: it may hold a password file. */
export async function privateDirectory(prefix: string): Promise<PrivateDirectory> {
  const guard = startGuard()
  try {
    // The guard knows it before it exists, so that no moment is unguarded.
    const path = join(tmpdir(), `${prefix}${randomUUID()}`)
    guard.removeAtEnd(path)
    await mkdir(path, { mode: 0o700 })
    return { path, dispose: () => guard.release() }
  } catch (cause) {
    await guard.release()
    throw notMade(cause)
  }
}

function notMade(cause: unknown): Failure {
  const { message, code } = cause as NodeJS.ErrnoException
  return new Failure(`no directory could be made for temporary files: ${message}`, {
    kind: 'permanent',
    subject: tmpdir(),
    hint: 'Free space there, or name a directory that exists and may be written to in TMPDIR.',
    ...(code === undefined ? {} : { code }),
    cause,
  })
}
