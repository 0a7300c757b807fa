import type { ObjectStore } from '../../../../functions/platform/object-store/store.ts'

/** One adapter under the contract: how to open a store that nothing has been put into yet. */
export interface StoreCase {
  openEmpty(): Promise<ObjectStore>
  /** Bytes of the adapter's first part, around which objects change their way of being stored. */
  partBytes: number
  /** Whether of several writers at one instant only one can be the first; a looser store checks and then stores. */
  atomicIfAbsent: boolean
}
