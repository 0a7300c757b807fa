import type { Cluster } from '../../config/cluster.ts'
import { rehearsalChecks } from '../../functions/freshness/rehearsal-checks.ts'
import { storedFreshness } from '../../functions/freshness/stored-freshness.ts'
import type { Check } from '../../functions/platform/check.ts'
import type { FreshnessLimits } from '../../functions/runtime/freshness-verdicts.ts'
import type { ScopeOptions, StoreOptions } from '../options.ts'
import { commandEnvironment } from '../settings/environment.ts'
import { setFilter } from '../settings/scope.ts'
import { requireStores } from '../settings/store-choice.ts'

/**
 * Judges every database that the options and the definition name, or that the store has sets of; and, for all of a definition,
 * what people rehearse.
 */
export async function checkFreshness(
  options: ScopeOptions & StoreOptions,
  definition: Cluster | undefined,
  limits: FreshnessLimits,
  signal: AbortSignal,
): Promise<Check[]> {
  const filter = setFilter(options, definition)
  const stores = requireStores(options, definition, process.env)
  const expected = definition?.databases.filter(({ backup }) => backup).map(({ name }) => name) ?? []
  const databases = filter.database === undefined ? expected : [filter.database]
  const env = commandEnvironment(definition)
  const backups = await storedFreshness({ stores, filter, databases, limits, env, signal })
  // What the options narrow down is a question about backups alone.
  const isWhole = options.store === undefined && options.cluster === undefined && options.database === undefined
  const rehearsals = definition && isWhole ? await rehearsalChecks(definition, { begin: false, env, signal }) : []
  return [...backups, ...rehearsals]
}
