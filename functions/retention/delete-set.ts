import { type SetAddress, setPrefix } from '../archive/keys.ts'
import type { ObjectStore } from '../platform/object-store/store.ts'

/** All that a set holds. */
export interface SetContent {
  keys: string[]
  bytes: number
  /** Of the youngest object, by the store's clock, in milliseconds since the epoch. */
  youngestMs: number
}

const keysPerDelete = 1000

/** Lists a set to the last page. */
export async function setContent(store: ObjectStore, address: SetAddress, signal?: AbortSignal): Promise<SetContent> {
  const content: SetContent = { keys: [], bytes: 0, youngestMs: 0 }
  for await (const page of store.list(setPrefix(address), signal === undefined ? {} : { signal })) {
    for (const object of page.objects) {
      content.keys.push(object.key)
      content.bytes += object.bytes
      content.youngestMs = Math.max(content.youngestMs, object.modifiedMs)
    }
  }
  return content
}

/** Deletes keys, as many at a time as a store takes. */
export async function deleteKeys(store: ObjectStore, keys: readonly string[], signal?: AbortSignal): Promise<void> {
  for (let first = 0; first < keys.length; first += keysPerDelete) {
    await store.delete(keys.slice(first, first + keysPerDelete), signal)
  }
}
