import type { ReadStart } from '../archive/catalogue.ts'
import { openStore } from '../platform/object-store/open-store.ts'
import type { StoreSettings } from '../platform/object-store/settings.ts'
import { openStartReader } from '../platform/object-store/start-reader.ts'
import type { ObjectStore } from '../platform/object-store/store.ts'

/** Runs work on a store whose sets are listed, with the quick way to their manifests; closes both however it ends. */
export async function withStore<T>(
  settings: StoreSettings,
  work: (store: ObjectStore, readStart: ReadStart) => Promise<T>,
): Promise<T> {
  const store = openStore(settings)
  const reader = openStartReader(store, settings)
  try {
    return await work(store, reader.read)
  } finally {
    reader.close()
    store.close()
  }
}
