import type { Cluster } from '../../config/cluster.ts'
import { findSet } from '../../functions/archive/catalogue-find.ts'
import type { SetFilter } from '../../functions/archive/catalogue-scan.ts'
import type { SetAddress } from '../../functions/archive/keys.ts'
import { openStore } from '../../functions/platform/object-store/open-store.ts'
import type { StoreSettings } from '../../functions/platform/object-store/settings.ts'
import { openStartReader } from '../../functions/platform/object-store/start-reader.ts'
import type { ScopeOptions, StoreOptions } from '../options.ts'
import { loadDefinition } from './definition.ts'
import { setFilter } from './scope.ts'
import { chooseStore } from './store-choice.ts'
import { storeSettings } from './store-settings.ts'

/** The definition, where there is one, and the store and sets that the options point to. */
export interface Resolved {
  definition: Cluster | undefined
  store: StoreSettings
  filter: SetFilter
}

/** Resolves what every command on stored sets needs. */
export async function resolveSets(options: ScopeOptions & StoreOptions): Promise<Resolved> {
  const definition = await loadDefinition(options.config)
  const store = await storeSettings(chooseStore(options, definition, process.env))
  return { definition, store, filter: setFilter(options, definition) }
}

/** Resolves the one set that a command works on: a name, `latest` or `latest-verified`. */
export async function resolveSet(
  set: string,
  options: ScopeOptions & StoreOptions,
  signal: AbortSignal,
): Promise<Resolved & { address: SetAddress }> {
  const resolved = await resolveSets(options)
  const store = openStore(resolved.store)
  const reader = openStartReader(store, resolved.store)
  try {
    const address = await findSet(store, { set, ...resolved.filter }, { readStart: reader.read, signal })
    return { ...resolved, address }
  } finally {
    reader.close()
    store.close()
  }
}
