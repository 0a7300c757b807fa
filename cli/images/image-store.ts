import type { Cluster } from '../../config/cluster.ts'
import { requireDirectory } from '../../functions/platform/object-store/file/require-directory.ts'
import { openStore } from '../../functions/platform/object-store/open-store.ts'
import type { ObjectStore } from '../../functions/platform/object-store/store.ts'
import { storeSettings } from '../../functions/runtime/definition/defined-store.ts'
import type { StoreOptions } from '../options.ts'
import { commandEnvironment } from '../settings/environment.ts'
import { chooseStore } from '../settings/store-choice.ts'

/** Works with the store that keeps published images: the definition's, or the one that --store names; closes it however it ends. */
export async function withImageStore<T>(
  options: StoreOptions,
  cluster: Cluster,
  work: (store: ObjectStore) => Promise<T>,
): Promise<T> {
  const named = options.store ?? cluster.images.store
  const choice = chooseStore({ ...options, ...(named === undefined ? {} : { store: named }) }, cluster, process.env)
  const settings = await storeSettings(choice, commandEnvironment(cluster))
  await requireDirectory(settings)
  const store = openStore(settings)
  try {
    return await work(store)
  } finally {
    store.close()
  }
}
