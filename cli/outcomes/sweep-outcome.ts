import type { Outcome } from '../../functions/platform/outcome.ts'
import type { SweepResult } from '../../functions/retention/sweep.ts'
import type { SweepStep } from '../../functions/retention/sweep-plan.ts'

/** What a sweep removed, or would remove. */
export function sweepOutcome(location: string, result: SweepResult, dryRun: boolean): Outcome {
  const { steps, removedSets, removedObjects, removedBytes, abortedUploads, spared } = result
  const planned = (type: SweepStep['type']): number => steps.filter((step) => step.type === type && step.remove).length
  return {
    operation: 'prune',
    subject: location,
    ok: true,
    numbers: {
      dryRun,
      ...{ plannedSets: planned('set'), plannedUploads: planned('upload') },
      ...{ removedSets, removedObjects, removedBytes, abortedUploads, sparedSets: spared.length },
    },
    details: { steps: steps.map(stepDetails), spared },
  }
}

function stepDetails(step: SweepStep): object {
  const { type, remove, ageSeconds, reason } = step
  const what = type === 'set' ? { ...step.address, objects: step.objects, bytes: step.bytes } : { key: step.upload.key }
  return { type, remove, ...what, ageSeconds: Math.round(ageSeconds), reason }
}
