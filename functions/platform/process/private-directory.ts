import { mkdtemp } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
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
    const path = await mkdtemp(join(tmpdir(), prefix))
    guard.removeAtEnd(path)
    return { path, dispose: () => guard.release() }
  } catch (error) {
    await guard.release()
    throw error
  }
}
