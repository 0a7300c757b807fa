/** One object as a listing shows it. */
export interface ObjectInfo {
  key: string
  bytes: number
  /** Milliseconds since the epoch, by the store's own clock. */
  modifiedMs: number
  /**
   * In a class that cannot be read before it is thawed. Of a listing: as stored, since a listing does not know what was
   * thawed. Of `head`: as it is now.
   */
  archived?: boolean
}

/** What a store says of one object. */
export interface ObjectHead extends ObjectInfo {
  /**
   * Until when the store lets nobody delete it (object lock), in milliseconds since the epoch; infinite for a legal hold.
   * Absent where there is no lock, or the credentials may not know of it.
   */
  lockedUntilMs?: number
}

/** A multipart upload that was begun and neither completed nor aborted. */
export interface PendingUpload {
  key: string
  uploadId: string
  startedMs: number
}

/** What a finished upload stored. `sha256` is over the whole object, in lower-case hex. */
export interface StoredObject {
  key: string
  bytes: number
  sha256: string
}

export interface PutOptions {
  /**
   * Store only if no object has this key; an existing one ends in a Failure with code `PreconditionFailed`. On stores that do
   * not enforce it (see profiles.ts) the key is looked up just before, so that two writers at one instant may both succeed. An object with the very same bytes may be taken for this call's own, when
   * an answer was lost on the way.
   */
  ifAbsent?: boolean
  /**
   * Of `put` alone: store only while the object still has this version, as `readSmall` gave it; otherwise a Failure with code
   * `PreconditionFailed`. As weak as `ifAbsent` on stores that do not enforce it. Not together with `ifAbsent`.
   */
  ifVersion?: string
  contentType?: string
  /** An estimate of the object's size, for stores that want all parts of one size; needed above 150 GB only. */
  expectedBytes?: number
  signal?: AbortSignal
}

/** A small object as it is now. */
export interface VersionedObject {
  bytes: Uint8Array
  /** Names these contents, for `ifVersion`; what it is made of is the store's business. */
  version: string
}

/** Hears of an object just before it exists. */
export type BeforeStored<T extends StoredObject> = (stored: T) => Promise<void>

/** Streaming upload of one object. Nothing is visible under the key before `finish` has resolved. */
export interface ObjectUpload {
  /** Adds bytes in order; resolves when more may be given. The caller may reuse the buffer after it resolves. */
  write(bytes: Uint8Array): Promise<void>
  /**
   * Completes: resolves only when the store has confirmed the object with matching checksums.
   *
   * @param before told what is about to be stored, and awaited, while nothing is visible yet; what it throws gives up.
   */
  finish(before?: BeforeStored<StoredObject>): Promise<StoredObject>
  /** Gives up and releases what the store holds of it. Idempotent; never throws; a no-op after finish. */
  abort(): Promise<void>
}

export interface ReadOptions {
  /**
   * First byte, and the number of bytes to read; the whole object without them. A range that is not wholly inside the object
   * fails as `permanent` with code `InvalidRange`.
   */
  offset?: number
  length?: number
  signal?: AbortSignal
}

export interface ListOptions {
  /** Names starting with the prefix up to the next `/` are rolled into `prefixes`. */
  delimiter?: '/'
  /** List keys after this one only; whether a prefix that it points into is listed is up to the store. */
  startAfter?: string
  signal?: AbortSignal
}

export interface ListPage {
  objects: ObjectInfo[]
  /** Common prefixes, when a delimiter was given; each ends with the delimiter. */
  prefixes: string[]
}

/** How archived objects are made readable. */
export interface ThawOptions {
  /** How long the readable copy is kept. */
  days: number
  /** How fast, and at what price; minutes, hours, or up to two days, by the provider's own table. */
  tier: 'Expedited' | 'Standard' | 'Bulk'
  signal?: AbortSignal
}

/** `ready`: can be read now. `thawing`: was asked for before. `requested`: was asked for by this call. */
export type Thawed = 'ready' | 'thawing' | 'requested'

/** The most that `readSmall` reads. */
export const smallObjectBytes = 4 * 1024 * 1024

/**
 * A place that keeps objects. Keys are relative to the store's own prefix, use `/`, and sort bytewise.
 *
 * Every method throws only {@link Failure}: `permanent` with code `NoSuchKey` for a missing object, `NoSuchBucket`,
 * `AccessDenied`; `transient` for what a later try may cure (all in-call retries already spent), code `Aborted` when the
 * caller's signal fired. A key that is not portable between stores is refused as `config` with code `BadKey`.
 */
export interface ObjectStore {
  /** Where this is, for people: `s3://bucket/prefix` or `file:///dir`; never a credential. */
  readonly location: string
  /** Stores a small object in one request; resolves when the store has confirmed it with a matching checksum. */
  put(key: string, body: Uint8Array, options?: PutOptions): Promise<StoredObject>
  /** Begins a streaming upload: one request for a small object, parts above; memory is bounded by two parts. */
  upload(key: string, options?: PutOptions): ObjectUpload
  /**
   * The bytes, in order. Ends normally only after exactly the announced number of bytes: a connection that breaks is
   * resumed at the next byte (a bounded number of times, and only of the same object version), then fails as `transient`.
   */
  read(key: string, options?: ReadOptions): AsyncIterable<Uint8Array>
  /** All of an object that several processes change, at most {@link smallObjectBytes}; undefined when there is none. */
  readSmall(key: string, signal?: AbortSignal): Promise<VersionedObject | undefined>
  /** Size, time and lock, or undefined when there is no such object. */
  head(key: string, signal?: AbortSignal): Promise<ObjectHead | undefined>
  /** Makes an archived object readable some time later; one that is not archived is `ready`. */
  thaw(key: string, options: ThawOptions): Promise<Thawed>
  /** Every page of a listing, in key order. A prefix that matches nothing yields no objects. */
  list(prefix: string, options?: ListOptions): AsyncIterable<ListPage>
  /** Deletes the objects; a missing one counts as deleted. Throws when any was refused, naming the first. */
  delete(keys: readonly string[], signal?: AbortSignal): Promise<void>
  /** Every begun and unfinished upload under the prefix. */
  pendingUploads(prefix: string, signal?: AbortSignal): AsyncIterable<PendingUpload>
  abortUpload(upload: PendingUpload, signal?: AbortSignal): Promise<void>
  /** Releases sockets. The store is not used afterwards. */
  close(): void
}
