import type { Outcome } from '../platform/outcome.ts'
import type { PrunedSet, PruneResult } from './prune.ts'
import type { SweepResult } from './sweep.ts'
import type { SweepStep } from './sweep-plan.ts'

/** What a prune deleted and kept, or would; `pruned` is undefined where there is no policy. */
export function pruneOutcome(location: string, pruned: PruneResult | undefined, swept: SweepResult, dryRun: boolean): Outcome {
  const planned = (type: SweepStep['type']): number => swept.steps.filter((step) => step.type === type && step.remove).length
  return {
    operation: 'prune',
    subject: location,
    ok: true,
    numbers: {
      dryRun,
      ...(pruned === undefined ? {} : setNumbers(pruned)),
      ...{ plannedLeftovers: planned('set'), removedLeftovers: swept.removedSets, sparedLeftovers: swept.spared.length },
      ...{ removedObjects: swept.removedObjects, removedBytes: swept.removedBytes, removedSlots: swept.removedSlots },
      removedRunObjects: swept.removedRunObjects,
      ...{ plannedUploads: planned('upload'), abortedUploads: swept.abortedUploads },
    },
    details: { sets: pruned?.sets.map(setDetails) ?? [], leftovers: swept.steps.map(stepDetails), spared: swept.spared },
  }
}

function setNumbers({ sets, deletedObjects, deletedBytes }: PruneResult): Record<string, number> {
  const having = (outcome: PrunedSet['outcome']): number => sets.filter((set) => set.outcome === outcome).length
  return {
    ...{ keptSets: having('kept'), plannedSets: sets.filter(({ remove }) => remove).length },
    ...{ deletedSets: having('deleted'), lockedSets: having('locked'), sparedSets: having('spared') },
    ...{ deletedObjects, deletedBytes },
  }
}

function setDetails({ address, standing, startedMs, outcome, reasons, lockedUntilMs }: PrunedSet): object {
  const lockedUntil = lockedUntilMs === undefined ? {} : { lockedUntil: lockText(lockedUntilMs) }
  return { ...address, standing, startedAt: new Date(startedMs).toISOString(), outcome, ...lockedUntil, reasons }
}

/** When a lock ends; a legal hold has no end. */
export function lockText(untilMs: number): string {
  return Number.isFinite(untilMs) ? new Date(untilMs).toISOString() : 'a legal hold is lifted'
}

function stepDetails(step: SweepStep): object {
  const { type, remove, ageSeconds, reason } = step
  const what = type === 'set' ? { ...step.address, objects: step.objects, bytes: step.bytes } : { key: step.upload.key }
  return { type, remove, ...what, ageSeconds: Math.round(ageSeconds), reason }
}
