import { type SetAddress, setPrefix } from '../archive/keys.ts'
import type { ManifestFile } from '../archive/manifest.ts'
import { readFile } from '../archive/read-set.ts'
import type { ObjectStore, ObjectUpload, StoredObject } from '../platform/object-store/store.ts'
import { damagedSource, isOtherContent } from './failures.ts'

/** Where a set is copied from and to. */
export interface SetPair {
  source: ObjectStore
  target: ObjectStore
  address: SetAddress
  signal?: AbortSignal
}

/**
 * Streams one file of the set into an upload at the target. The object appears there only when the source's bytes had the
 * recorded size and SHA-256: a damaged source leaves nothing.
 */
export async function sendFile(
  pair: SetPair,
  file: ManifestFile,
  begin: (key: string) => ObjectUpload,
  sent: (bytes: number) => void,
): Promise<StoredObject> {
  const upload = begin(setPrefix(pair.address) + file.file)
  try {
    for await (const bytes of fromSource(pair, file)) {
      await upload.write(bytes)
      sent(bytes.length)
    }
    return await upload.finish()
  } catch (error) {
    await upload.abort()
    throw error
  }
}

/** The recorded bytes, or a Failure that names the source. */
async function* fromSource({ source, address, signal }: SetPair, file: ManifestFile): AsyncGenerator<Uint8Array> {
  try {
    yield* readFile(source, address, file, signal)
  } catch (error) {
    if (!isOtherContent(error)) throw error
    throw damagedSource(source, address, file.file, 'is not what the backup stored', error)
  }
}
