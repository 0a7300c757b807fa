import { archivedKeys } from '../archive/archived-files.ts'
import { mapConcurrently } from '../archive/concurrent-map.ts'
import type { SetAddress } from '../archive/keys.ts'
import type { ObjectStore, ThawOptions } from '../platform/object-store/store.ts'

/** How many archived objects of a set are in which state. */
export interface ThawResult {
  /** Of those in an archive class: readable now, for as long as they were asked for. */
  ready: number
  /** Asked for earlier, and not there yet. */
  thawing: number
  /** Asked for now. */
  requested: number
}

const askedAtOnce = 16

/** Asks for readable copies of all archived objects of a set. Asking again does no harm, and tells how far it is. */
export async function thawSet(store: ObjectStore, address: SetAddress, options: ThawOptions): Promise<ThawResult> {
  const states = await mapConcurrently(archivedKeys(store, address, options.signal), askedAtOnce, (key) =>
    store.thaw(key, options),
  )
  const count = (state: (typeof states)[number]): number => states.filter((one) => one === state).length
  return { ready: count('ready'), thawing: count('thawing'), requested: count('requested') }
}
