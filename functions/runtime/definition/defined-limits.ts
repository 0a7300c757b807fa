import type { Cluster } from '../../../config/cluster.ts'
import type { FreshnessLimits } from '../freshness-verdicts.ts'

/** What a definition says must hold of the backups of every database. */
export function definedLimits({ freshness, backup }: Pick<Cluster, 'freshness' | 'backup'>): FreshnessLimits {
  const { verify, limits } = backup
  return {
    ...freshness,
    everythingWithin: { seconds: verify.everythingWithinSeconds, runSeconds: limits.durationSeconds },
  }
}
