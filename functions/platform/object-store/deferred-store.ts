import { checkKey } from './keys.ts'
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
} from './store.ts'

/** A store that is loaded when it is first used. */
export class DeferredStore implements ObjectStore {
  readonly location: string
  readonly #load: () => Promise<ObjectStore>
  #loaded: Promise<ObjectStore> | undefined

  constructor(location: string, load: () => Promise<ObjectStore>) {
    this.location = location
    this.#load = load
  }

  async put(key: string, body: Uint8Array, options?: PutOptions): Promise<StoredObject> {
    return (await this.#store()).put(key, body, options)
  }

  upload(key: string, options?: PutOptions): ObjectUpload {
    checkKey(key)
    return deferredUpload(this.#store().then((store) => store.upload(key, options)))
  }

  async *read(key: string, options?: ReadOptions): AsyncGenerator<Uint8Array> {
    yield* (await this.#store()).read(key, options)
  }

  async head(key: string, signal?: AbortSignal): Promise<ObjectInfo | undefined> {
    return (await this.#store()).head(key, signal)
  }

  async *list(prefix: string, options?: ListOptions): AsyncGenerator<ListPage> {
    yield* (await this.#store()).list(prefix, options)
  }

  async delete(keys: readonly string[], signal?: AbortSignal): Promise<void> {
    await (await this.#store()).delete(keys, signal)
  }

  async *pendingUploads(prefix: string, signal?: AbortSignal): AsyncGenerator<PendingUpload> {
    yield* (await this.#store()).pendingUploads(prefix, signal)
  }

  async abortUpload(upload: PendingUpload, signal?: AbortSignal): Promise<void> {
    await (await this.#store()).abortUpload(upload, signal)
  }

  close(): void {
    this.#loaded?.then(
      (store) => store.close(),
      () => undefined,
    )
  }

  #store(): Promise<ObjectStore> {
    this.#loaded ??= this.#load()
    return this.#loaded
  }
}

function deferredUpload(upload: Promise<ObjectUpload>): ObjectUpload {
  // A store that cannot be loaded is reported by the first write or finish.
  upload.catch(() => undefined)
  return {
    write: async (bytes) => (await upload).write(bytes),
    finish: async () => (await upload).finish(),
    abort: async () => {
      const begun = await upload.catch(() => undefined)
      await begun?.abort()
    },
  }
}
