import type { BeforeStored, ObjectUpload, StoredObject } from '../object-store/store.ts'

/** A stored content, and how many bytes of it were given: fewer than are stored where it is encrypted. */
export interface StoredContent extends StoredObject {
  contentBytes: number
}

export interface ContentUpload extends ObjectUpload {
  finish(before?: BeforeStored<StoredContent>): Promise<StoredContent>
}
