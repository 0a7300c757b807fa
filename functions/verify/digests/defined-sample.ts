import type { Cluster } from '../../../config/cluster.ts'
import { nextDueMs } from '../../../config/due.ts'
import type { SampleRule } from './plan-digests.ts'

/**
 * How much of the rows a definition has compared by digest in one verification, and by when all of them.
 *
 * @param nowMs a moment of the verification: the next one is the first that is due after it.
 */
export function definedSample({ backup, timeZone }: Pick<Cluster, 'backup' | 'timeZone'>, nowMs: number): SampleRule {
  const { sharePercent, everythingWithinSeconds, schedule } = backup.verify
  const nextMs = nextDueMs(schedule, timeZone, nowMs)
  return { sharePercent, deadline: { withinMs: everythingWithinSeconds * 1000, nextMs } }
}
