import type { Cluster } from '../../config/cluster.ts'
import { type FoundSet, findSet } from '../../functions/archive/catalogue-find.ts'
import type { SetFilter } from '../../functions/archive/catalogue-scan.ts'
import type { StoreSettings } from '../../functions/platform/object-store/settings.ts'
import { storeSettings } from '../../functions/runtime/definition/defined-store.ts'
import { withStore } from '../../functions/runtime/with-store.ts'
import type { ScopeOptions, StoreOptions } from '../options.ts'
import { loadDefinition } from './definition.ts'
import { commandEnvironment } from './environment.ts'
import { setFilter } from './scope.ts'
import { chooseStore } from './store-choice.ts'

/** The definition, where there is one, and the store and sets that the options point to. */
export interface Resolved {
  definition: Cluster | undefined
  store: StoreSettings
  filter: SetFilter
}

/** Resolves what every command on stored sets needs. */
async function resolveSets(options: ScopeOptions & StoreOptions): Promise<Resolved> {
  const definition = await loadDefinition(options.config)
  const choice = chooseStore(options, definition, process.env)
  const store = await storeSettings(choice, commandEnvironment(definition))
  return { definition, store, filter: setFilter(options, definition) }
}

/** Resolves the one set that a command works on: a name, `latest` or `latest-verified`. */
export async function resolveSet(
  set: string,
  options: ScopeOptions & StoreOptions,
  signal: AbortSignal,
): Promise<Resolved & FoundSet> {
  const resolved = await resolveSets(options)
  return await withStore(resolved.store, async (store, readStart) => {
    return { ...resolved, ...(await findSet(store, { set, ...resolved.filter }, { readStart, signal })) }
  })
}
