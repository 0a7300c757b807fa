import { checkKey } from '../keys.ts'
import type { StoreLimits } from '../limits.ts'
import { storeLocation } from '../location.ts'
import type { S3Settings } from '../settings.ts'
import type {
  ListOptions,
  ListPage,
  ObjectHead,
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
import { connect } from './connect.ts'
import type { S3Connection } from './connection.ts'
import { deleteObjects } from './delete.ts'
import { headObject } from './head.ts'
import { listObjects } from './list.ts'
import { abortMultipart } from './multipart.ts'
import { listPending } from './pending.ts'
import { putObject } from './put.ts'
import { readObject } from './read.ts'
import { readSmallObject } from './read-small.ts'
import { thawObject } from './thaw.ts'
import { S3Upload } from './upload.ts'

/** A bucket, or a prefix of one, as an object store. */
export class S3Store implements ObjectStore {
  readonly location: string
  readonly #connection: S3Connection

  constructor(settings: S3Settings, limits: StoreLimits) {
    this.location = storeLocation(settings)
    this.#connection = connect(settings, limits)
  }

  async put(key: string, body: Uint8Array, options: PutOptions = {}): Promise<StoredObject> {
    checkKey(key)
    return putObject(this.#connection, key, body, options)
  }

  upload(key: string, options: PutOptions = {}): ObjectUpload {
    checkKey(key)
    return new S3Upload(this.#connection, key, options)
  }

  async *read(key: string, options: ReadOptions = {}): AsyncGenerator<Uint8Array> {
    checkKey(key)
    yield* readObject(this.#connection, key, options)
  }

  async readSmall(key: string, signal?: AbortSignal): Promise<VersionedObject | undefined> {
    checkKey(key)
    return await readSmallObject(this.#connection, key, signal)
  }

  async head(key: string, signal?: AbortSignal): Promise<ObjectHead | undefined> {
    checkKey(key)
    const found = await headObject(this.#connection, key, signal)
    if (found === undefined) return undefined
    const { etag: _, sha256: __, ...head } = found
    return head
  }

  async thaw(key: string, options: ThawOptions): Promise<Thawed> {
    checkKey(key)
    return await thawObject(this.#connection, key, options)
  }

  list(prefix: string, options: ListOptions = {}): AsyncIterable<ListPage> {
    return listObjects(this.#connection, prefix, options)
  }

  async delete(keys: readonly string[], signal?: AbortSignal): Promise<void> {
    for (const key of keys) checkKey(key)
    await deleteObjects(this.#connection, keys, signal)
  }

  pendingUploads(prefix: string, signal?: AbortSignal): AsyncIterable<PendingUpload> {
    return listPending(this.#connection, prefix, signal)
  }

  abortUpload(upload: PendingUpload, signal?: AbortSignal): Promise<void> {
    return abortMultipart(this.#connection, upload, signal)
  }

  close(): void {
    this.#connection.client.destroy()
  }
}
