import { checkKey } from './keys.ts'
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
} from './store.ts'

/** A store whose adapter is still being loaded. */
export class DeferredStore implements ObjectStore {
  readonly location: string
  readonly #loading: Promise<ObjectStore>

  constructor(location: string, loading: Promise<ObjectStore>) {
    this.location = location
    this.#loading = loading
    // Reported by whatever is asked of it first.
    loading.catch(() => undefined)
  }

  async put(key: string, body: Uint8Array, options?: PutOptions): Promise<StoredObject> {
    return (await this.#loading).put(key, body, options)
  }

  upload(key: string, options?: PutOptions): ObjectUpload {
    checkKey(key)
    return deferredUpload(this.#loading.then((store) => store.upload(key, options)))
  }

  async *read(key: string, options?: ReadOptions): AsyncGenerator<Uint8Array> {
    yield* (await this.#loading).read(key, options)
  }

  async readSmall(key: string, signal?: AbortSignal): Promise<VersionedObject | undefined> {
    return (await this.#loading).readSmall(key, signal)
  }

  async head(key: string, signal?: AbortSignal): Promise<ObjectHead | undefined> {
    return (await this.#loading).head(key, signal)
  }

  async thaw(key: string, options: ThawOptions): Promise<Thawed> {
    return (await this.#loading).thaw(key, options)
  }

  async *list(prefix: string, options?: ListOptions): AsyncGenerator<ListPage> {
    yield* (await this.#loading).list(prefix, options)
  }

  async delete(keys: readonly string[], signal?: AbortSignal): Promise<void> {
    await (await this.#loading).delete(keys, signal)
  }

  async *pendingUploads(prefix: string, signal?: AbortSignal): AsyncGenerator<PendingUpload> {
    yield* (await this.#loading).pendingUploads(prefix, signal)
  }

  async abortUpload(upload: PendingUpload, signal?: AbortSignal): Promise<void> {
    await (await this.#loading).abortUpload(upload, signal)
  }

  close(): void {
    this.#loading.then(
      (store) => store.close(),
      () => undefined,
    )
  }
}

function deferredUpload(upload: Promise<ObjectUpload>): ObjectUpload {
  // A store that cannot be loaded is reported by the first write or finish.
  upload.catch(() => undefined)
  return {
    write: async (bytes) => (await upload).write(bytes),
    finish: async (before) => (await upload).finish(before),
    abort: async () => {
      const begun = await upload.catch(() => undefined)
      await begun?.abort()
    },
  }
}
