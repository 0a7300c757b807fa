import { checksOutcome } from '../platform/checks-outcome.ts'
import { withFreshSecrets } from '../platform/secrets/fresh-secrets.ts'
import { definedStores } from '../runtime/definition/defined-stores.ts'
import type { ScheduledWork } from '../runtime/scheduled.ts'
import { storedFreshness } from './stored-freshness.ts'

/** What to do about checks that failed. */
export const freshnessHint = 'Do what is said for each failed check; `ballast list` shows the sets.'

/** Looks at the backups of every database in every store. It only reads, so that it needs no lease. */
export const scheduledFreshness: ScheduledWork = async ({ cluster, env, signal }) => {
  const databases = cluster.databases.filter(({ backup }) => backup).map(({ name }) => name)
  const question = {
    stores: definedStores(cluster),
    filter: { cluster: cluster.name },
    databases,
    limits: cluster.freshness,
    env,
    signal,
  }
  const checks = await withFreshSecrets(() => storedFreshness(question))
  return checksOutcome('freshness', cluster.name, freshnessHint, checks)
}
