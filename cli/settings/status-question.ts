import type { Cluster } from '../../config/cluster.ts'
import type { StatusQuestion } from '../../functions/status/learn-status.ts'
import { renewByMs, statusStores } from '../../functions/status/scheduled-status.ts'
import type { ScopeOptions, StoreOptions } from '../options.ts'
import { freshnessLimits } from './freshness-limits.ts'
import { setFilter } from './scope.ts'
import { chooseStore } from './store-choice.ts'

/** What `ballast status` is to look at: everything of the definition, or the one store that --store names. */
export function statusQuestion(
  options: ScopeOptions & StoreOptions,
  definition: Cluster | undefined,
  env: NodeJS.ProcessEnv,
): Omit<StatusQuestion, 'env' | 'signal'> {
  const { cluster, database } = setFilter(options, definition)
  return {
    ...{ definition, cluster, database, freshness: freshnessLimits({}, definition) },
    ...stores(options, definition, env),
    ...(definition === undefined ? {} : { renewByMs: renewByMs(definition, Date.now()) }),
  }
}

function stores(
  options: StoreOptions,
  definition: Cluster | undefined,
  env: NodeJS.ProcessEnv,
): Pick<StatusQuestion, 'stores' | 'stateStore' | 'alertStore' | 'rehearsalStore'> {
  if (definition !== undefined && options.store === undefined) return statusStores(definition)
  const named = chooseStore(options, definition, env)
  return { stores: [named], stateStore: named }
}
