import { stat } from 'node:fs/promises'
import { resolve } from 'node:path'
import { throwIfAborted } from '../../abort.ts'
import { storeLocation } from '../location.ts'
import type { FileSettings } from '../settings.ts'
import type {
  ListOptions,
  ListPage,
  ObjectInfo,
  ObjectStore,
  ObjectUpload,
  PendingUpload,
  PutOptions,
  ReadOptions,
  StoredObject,
  Thawed,
  ThawOptions,
  VersionedObject,
} from '../store.ts'
import { fileFailure, hasCode, noSuchKey } from './errors.ts'
import { listFiles } from './list.ts'
import { objectPath } from './paths.ts'
import { readFileObject } from './read.ts'
import { removeObjects } from './remove.ts'
import { FileUpload } from './upload.ts'
import { removeUpload, unfinishedUploads } from './upload-folder.ts'
import { readVersioned } from './versions.ts'

/**
 * A directory as an object store: each key is a file of that name below it, so that a set can be restored from it, or copied,
 * with ordinary tools. Unlike in S3, a key cannot also be a prefix of another.
 */
export class FileStore implements ObjectStore {
  readonly location: string
  readonly #directory: string

  constructor(settings: FileSettings) {
    this.#directory = resolve(settings.directory)
    this.location = storeLocation({ type: 'file', directory: this.#directory })
  }

  async put(key: string, body: Uint8Array, options: PutOptions = {}): Promise<StoredObject> {
    const upload = this.upload(key, options)
    await upload.write(body)
    return upload.finish()
  }

  upload(key: string, options: PutOptions = {}): ObjectUpload {
    return new FileUpload(this.#directory, key, objectPath(this.#directory, key), options)
  }

  async *read(key: string, options: ReadOptions = {}): AsyncGenerator<Uint8Array> {
    yield* readFileObject(objectPath(this.#directory, key), options)
  }

  async readSmall(key: string, signal?: AbortSignal): Promise<VersionedObject | undefined> {
    const path = objectPath(this.#directory, key)
    throwIfAborted(signal, path)
    try {
      return await readVersioned(path)
    } catch (thrown) {
      throw fileFailure(thrown, 'Reading the object', path)
    }
  }

  async head(key: string, signal?: AbortSignal): Promise<ObjectInfo | undefined> {
    const path = objectPath(this.#directory, key)
    throwIfAborted(signal, path)
    try {
      const found = await stat(path)
      return found.isFile() ? { key, bytes: found.size, modifiedMs: found.mtimeMs } : undefined
    } catch (thrown) {
      if (hasCode(thrown, 'ENOENT', 'ENOTDIR')) return undefined
      throw fileFailure(thrown, 'Looking up the object', path)
    }
  }

  async thaw(key: string, { signal }: ThawOptions): Promise<Thawed> {
    if ((await this.head(key, signal)) === undefined) throw noSuchKey(objectPath(this.#directory, key))
    return 'ready'
  }

  list(prefix: string, options: ListOptions = {}): AsyncIterable<ListPage> {
    return listFiles(this.#directory, prefix, options)
  }

  async delete(keys: readonly string[], signal?: AbortSignal): Promise<void> {
    await removeObjects(this.#directory, keys, signal)
  }

  async *pendingUploads(prefix: string, signal?: AbortSignal): AsyncGenerator<PendingUpload> {
    throwIfAborted(signal, this.#directory)
    try {
      yield* await unfinishedUploads(this.#directory, prefix)
    } catch (thrown) {
      throw fileFailure(thrown, 'Listing unfinished uploads', this.#directory)
    }
  }

  async abortUpload({ uploadId }: PendingUpload, signal?: AbortSignal): Promise<void> {
    throwIfAborted(signal, this.#directory)
    try {
      await removeUpload(this.#directory, uploadId)
    } catch (thrown) {
      throw fileFailure(thrown, 'Aborting the upload', this.#directory)
    }
  }

  close(): void {
    // Files are closed by the calls that opened them.
  }
}
