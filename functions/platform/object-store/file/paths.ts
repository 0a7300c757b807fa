import { join } from 'node:path'
import { Failure } from '../../failure.ts'
import { checkKey } from '../keys.ts'

/** Where unfinished uploads are kept: inside the store, so that finishing one is a rename within its file system. */
export const uploadsName = '.ballast-uploads'

/** The file that keeps an object: its key, as a path below the directory. Cannot lead out of it. */
export function objectPath(directory: string, key: string): string {
  checkKey(key)
  if (key === uploadsName || key.startsWith(`${uploadsName}/`)) {
    throw new Failure(`The key begins with the reserved name ${uploadsName}`, {
      kind: 'config',
      subject: key,
      code: 'BadKey',
      hint: 'Choose another name; this one is where a directory store keeps unfinished uploads.',
    })
  }
  return join(directory, key)
}
