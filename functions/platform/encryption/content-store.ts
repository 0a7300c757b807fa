import type { ObjectStore, ObjectUpload, PutOptions, StoredObject } from '../object-store/store.ts'
import type { ContentUpload } from './content-upload.ts'

/** Where the contents of sets are written to: as they are, or encrypted, which their names then say. */
export interface ContentStore {
  /** What the names of the objects end with: nothing, or `.age`. */
  readonly suffix: '' | '.age'
  /** As `upload` of the store; the suffix is added to the key. */
  upload(key: string, options?: PutOptions): ContentUpload
}

/**
 * The contents' way into a store: through age where there are recipients. Only their owners can read what was written, and
 * nobody needs to be able to read in order to write.
 *
 * @throws {Failure} `config` for a recipient that is none.
 */
export async function contentStore(store: ObjectStore, recipients: readonly string[] = []): Promise<ContentStore> {
  if (recipients.length === 0) return { suffix: '', upload: (key, options) => plainUpload(store.upload(key, options)) }
  // Who does not encrypt does not load the library.
  const { encrypterFor, sealedUpload } = await import('./sealed-upload.ts')
  const encrypter = encrypterFor(recipients)
  return { suffix: '.age', upload: (key, options) => sealedUpload(store.upload(`${key}.age`, options), encrypter) }
}

function plainUpload(upload: ObjectUpload): ContentUpload {
  return {
    write: (bytes) => upload.write(bytes),
    finish: async (before) => {
      const content = (stored: StoredObject) => ({ ...stored, contentBytes: stored.bytes })
      return content(await upload.finish(before && ((stored) => before(content(stored)))))
    },
    abort: () => upload.abort(),
  }
}
