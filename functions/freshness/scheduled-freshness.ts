import { checksOutcome } from '../platform/checks-outcome.ts'
import { withFreshSecrets } from '../platform/secrets/fresh-secrets.ts'
import { definedLimits } from '../runtime/definition/defined-limits.ts'
import { definedStores } from '../runtime/definition/defined-stores.ts'
import type { ScheduledWork } from '../runtime/scheduled.ts'
import { rehearsalChecks } from './rehearsal-checks.ts'
import { storedFreshness } from './stored-freshness.ts'

/** What to do about checks that failed. */
export const freshnessHint = 'Do what is said for each failed check; `ballast list` shows the sets.'

/**
 * Looks at the backups of every database in every store, and at what people rehearse. All that it writes is since when a
 * rehearsal is asked for, which two runs may do at once: it needs no lease.
 */
export const scheduledFreshness: ScheduledWork = async ({ cluster, env, signal }) => {
  const databases = cluster.databases.filter(({ backup }) => backup).map(({ name }) => name)
  const question = {
    stores: definedStores(cluster),
    filter: { cluster: cluster.name },
    databases,
    limits: definedLimits(cluster),
    env,
    signal,
  }
  const backups = await withFreshSecrets(() => storedFreshness(question))
  const rehearsals = await rehearsalChecks(cluster, { begin: true, env, signal })
  return checksOutcome('freshness', cluster.name, freshnessHint, [...backups, ...rehearsals])
}
