import type { CompleteSet } from '../archive/catalogue.ts'
import type { RetentionPolicy } from './policy.ts'
import { retainedSet } from './prune.ts'
import { planRetention } from './retention-plan.ts'

/** Those of the sets that a policy keeps: what it would delete need not be copied anywhere. */
export function keptSets(sets: readonly CompleteSet[], policy: RetentionPolicy, nowMs: number): CompleteSet[] {
  const steps = planRetention(sets.flatMap(retainedSet), policy, nowMs)
  const kept = new Set(steps.filter(({ remove }) => !remove).map(({ address }) => address))
  return sets.filter(({ address }) => kept.has(address))
}
