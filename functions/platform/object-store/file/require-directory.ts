import { stat } from 'node:fs/promises'
import { Failure } from '../../failure.ts'
import type { StoreSettings } from '../settings.ts'
import { fileFailure, hasCode } from './errors.ts'

/**
 * A directory that is not there is a disk that is not mounted: listed, it would pass for an empty store, and written to, it
 * would fill the disk below. Other stores tell so themselves.
 *
 * @throws {Failure} `permanent` with code `NoSuchDirectory`.
 */
export async function requireDirectory(settings: StoreSettings): Promise<void> {
  if (settings.type !== 'file') return
  const { directory } = settings
  const found = await stat(directory).catch((thrown: unknown) => {
    if (hasCode(thrown, 'ENOENT', 'ENOTDIR')) return undefined
    throw fileFailure(thrown, 'Looking for the directory', directory)
  })
  if (found?.isDirectory()) return
  throw new Failure('The directory of this store does not exist', {
    kind: 'permanent',
    subject: directory,
    code: 'NoSuchDirectory',
    hint: `Mount the disk that it is on, or make it where it is meant to be new: mkdir -p ${directory}`,
  })
}
