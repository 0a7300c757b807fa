import { createHash } from 'node:crypto'
import { createReadStream } from 'node:fs'
import { isDeepStrictEqual } from 'node:util'
import { readObject } from '../../archive/read-set.ts'
import { throwIfAborted } from '../../platform/abort.ts'
import { Failure } from '../../platform/failure.ts'
import { conditionFailed } from '../../platform/object-store/condition-failed.ts'
import type { ObjectStore } from '../../platform/object-store/store.ts'
import { storedFiles } from '../image-files.ts'
import { imageKey } from '../published-images.ts'
import { parseRelease, type Release, serializeRelease } from '../release.ts'
import type { OutgoingFile } from './disk-image.ts'

/** An image on its way into a store. */
export interface Delivery {
  store: ObjectStore
  /** Names all of the files. */
  release: Release
  /** In the order in which they are stored. */
  files: readonly OutgoingFile[]
  /** Told of every part of the bytes that was stored or read back. */
  progress(phase: 'storing' | 'reading back', bytes: number): void
  signal: AbortSignal
}

/** `already`: the very same image had been published before. */
export type Delivered = 'published' | 'already'

const partBytes = 1024 * 1024

/**
 * Stores the files, reads each back and compares its SHA-256, and last of all writes the release, only if there is none. What
 * ends before that leaves no published image.
 *
 * @throws Failure `permanent` with code `Occupied` where the name has another image.
 */
export async function storeImage(delivery: Delivery): Promise<Delivered> {
  const { store, release, files, signal } = delivery
  const key = imageKey(release, storedFiles.release)
  if (await isPublished(store, key, release, signal)) return 'already'
  for (const file of files) await storeFile(delivery, file)
  for (const file of files) await readBack(delivery, file)
  throwIfAborted(signal, release.name)
  try {
    await store.put(key, serializeRelease(release), { ifAbsent: true, contentType: 'application/json' })
    return 'published'
  } catch (failure) {
    // Somebody published at the same time: well, if it was this image.
    if (conditionFailed(failure) && (await isPublished(store, key, release, signal))) return 'already'
    throw failure
  }
}

async function isPublished(store: ObjectStore, key: string, wanted: Release, signal: AbortSignal): Promise<boolean> {
  if ((await store.head(key, signal)) === undefined) return false
  const found = parseRelease(await readObject(store, key, signal))
  if (found !== undefined && isDeepStrictEqual(found.image, wanted.image)) return true
  throw occupied(store, wanted.name, 'another image of this name is published there')
}

/** What an interrupted publish left is not stored again: reading it back shows whether it is right. */
async function storeFile({ store, release, progress, signal }: Delivery, file: OutgoingFile): Promise<void> {
  const key = imageKey(release, file.file)
  try {
    if (typeof file.from !== 'string') {
      await store.put(key, file.from, { ifAbsent: true, signal })
      progress('storing', file.bytes)
      return
    }
    const upload = store.upload(key, { ifAbsent: true, expectedBytes: file.bytes, signal })
    try {
      for await (const part of createReadStream(file.from, { highWaterMark: partBytes })) {
        await upload.write(part as Buffer)
        progress('storing', (part as Buffer).byteLength)
      }
      await upload.finish()
    } catch (error) {
      await upload.abort()
      throw error
    }
  } catch (failure) {
    if (!conditionFailed(failure)) throw failure
  }
}

async function readBack({ store, release, progress, signal }: Delivery, file: OutgoingFile): Promise<void> {
  const hash = createHash('sha256')
  for await (const part of store.read(imageKey(release, file.file), { signal })) {
    hash.update(part)
    progress('reading back', part.byteLength)
  }
  const stored = hash.digest('hex')
  if (stored === file.sha256) return
  throw occupied(store, release.name, `${file.file} has SHA-256 ${stored} there, and should have ${file.sha256}`)
}

function occupied(store: ObjectStore, name: string, why: string): Failure {
  return new Failure(`the image cannot be published in ${store.location}: ${why}`, {
    ...{ kind: 'permanent', subject: name, code: 'Occupied' },
    hint: 'Bake the image again, under a name of its own; `ballast images prune` removes what an interrupted publish left.',
  })
}
