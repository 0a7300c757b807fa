import type { Cluster } from '../../config/cluster.ts'
import type { CompleteSet } from '../../functions/archive/catalogue.ts'
import { databaseGroups } from '../../functions/archive/database-groups.ts'
import { startedMs } from '../../functions/archive/set-time.ts'
import { keptSets } from '../../functions/retention/kept-sets.ts'
import { durationSeconds } from './backup-options.ts'
import { retentionPolicy } from './retention-policy.ts'

/** How far back copies go, as options name it. */
export interface CopyWindowOptions {
  last?: number
  since?: string
}

type Choose = (sets: readonly CompleteSet[]) => readonly CompleteSet[]

/**
 * Which sets are worth a copy: the last ones or the young ones where an option says so; else those that the definition's
 * retention keeps, because what it would delete at once need not be sent; else all.
 */
export function copyWindow({ last, since }: CopyWindowOptions, definition: Cluster | undefined, nowMs: number): Choose {
  if (last !== undefined || since !== undefined) {
    const oldestMs = since === undefined ? 0 : nowMs - durationSeconds('--since', since) * 1000
    return (sets) => newest(sets, last).filter((set) => startedMs(set) >= oldestMs)
  }
  const policy = retentionPolicy({}, definition)
  if (policy === undefined) return (sets) => sets
  return (sets) => keptSets(sets, policy, nowMs)
}

/** The newest of each database. */
function newest(sets: readonly CompleteSet[], count: number | undefined): CompleteSet[] {
  return databaseGroups(sets, ({ address }) => address).flatMap(({ items }) =>
    items.toSorted((a, b) => startedMs(b) - startedMs(a)).slice(0, count),
  )
}
