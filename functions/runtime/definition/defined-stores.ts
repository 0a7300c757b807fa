import type { Cluster } from '../../../config/cluster.ts'
import { Failure } from '../../platform/failure.ts'
import type { StoreSettings } from '../../platform/object-store/settings.ts'
import { atPath } from './at-path.ts'
import { definedStore, type StoreChoice, storeSettings } from './defined-store.ts'

/** The stores of a definition: the first is where backups go, the others hold copies. */
export function definedStores({ backup }: Pick<Cluster, 'backup'>): [StoreChoice, ...StoreChoice[]] {
  const [first, ...others] = backup.stores.map((store, index) => ({ ...definedStore(store), isCopy: index > 0 }))
  if (first !== undefined) return [first, ...others]
  throw new Failure('the definition has no store', {
    ...{ kind: 'config', subject: 'backup.stores', hint: 'Add a store to backup.stores.' },
  })
}

/**
 * The store of a definition that one of its fields names.
 *
 * @param path of that field, for the Failure where there is no such store.
 */
export function namedStore({ backup }: Pick<Cluster, 'backup'>, name: string, path: string): StoreChoice {
  const store = definedStores({ backup }).find((one) => one.name === name)
  if (store !== undefined) return store
  throw new Failure(`the definition has no store "${name}"`, {
    ...{ kind: 'config', subject: path, hint: 'Name one of backup.stores.' },
  })
}

/** Where the definition has the store that backups go to. */
export const firstStorePath = 'backup.stores[0]'

/** The settings of the store that backups go to, which also keeps leases and decisions on slots. */
export async function firstStore(cluster: Cluster, env: NodeJS.ProcessEnv): Promise<StoreSettings> {
  return await atPath(firstStorePath, () => storeSettings(definedStores(cluster)[0], env))
}
