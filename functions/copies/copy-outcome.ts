import { worstFailure } from '../platform/combine-outcomes.ts'
import type { Failure } from '../platform/failure.ts'
import { failedOutcome, type Outcome } from '../platform/outcome.ts'
import type { StepResult, TargetResult } from './copy.ts'
import type { CopiedSet } from './copy-set.ts'

/** What a copy run did, or would do: well only when every set is at every target, compared. */
export function copyOutcome(source: string, results: readonly TargetResult[], dryRun: boolean, seconds: number): Outcome {
  const steps = results.flatMap((result) => result.steps)
  const having = (outcome: StepResult['outcome']): number => steps.filter((step) => step.outcome === outcome).length
  const total = (of: (copied: CopiedSet) => number): number =>
    steps.reduce((sum, { copied }) => sum + (copied === undefined ? 0 : of(copied)), 0)
  const outcome: Outcome = {
    operation: 'copy',
    subject: source,
    ok: true,
    numbers: {
      ...{ dryRun, targets: results.length, failedTargets: results.filter(({ failure }) => failure !== undefined).length },
      ...{ plannedSets: having('planned'), copiedSets: having('copied'), goneSets: having('gone') },
      ...{ failedSets: having('failed'), untriedSets: having('untried') },
      ...{ sentObjects: total((copied) => copied.sentObjects), sentBytes: total((copied) => copied.sentBytes) },
      comparedObjects: total((copied) => copied.comparedObjects),
      comparedBytes: total((copied) => copied.comparedBytes),
      replacedObjects: total((copied) => copied.replaced.length),
      sentEvidence: total((copied) => copied.sentEvidence),
      seconds,
    },
    details: { targets: results.map(targetDetails) },
  }
  const failures = failuresOf(results)
  const worst = worstFailure(failures.map(({ subject, failure }) => failedOutcome('copy', subject, failure)))
  if (worst === undefined) return outcome
  const named = failures.map(({ subject }) => subject).join(', ')
  return { ...outcome, ok: false, failure: { ...worst, message: `${failures.length} failed (${named}): ${worst.message}` } }
}

function failuresOf(results: readonly TargetResult[]): { subject: string; failure: Failure }[] {
  return results.flatMap(({ name, failure, steps }) => [
    ...(failure === undefined ? [] : [{ subject: name, failure }]),
    ...steps.flatMap(({ address, failure: own }) =>
      own === undefined ? [] : [{ subject: `${name} ${address.set}`, failure: own }],
    ),
  ])
}

function targetDetails({ name, location, steps, leftOut, failure }: TargetResult): object {
  return {
    ...{ name, location: location ?? null, sets: steps.map(stepDetails) },
    leftOut: leftOut.map(({ address, reason }) => ({ ...address, reason })),
    ...(failure === undefined ? {} : { failure: failureDetails(failure) }),
  }
}

function stepDetails({ address, action, storedBytes, reason, outcome, copied, failure }: StepResult): object {
  return {
    ...{ ...address, action, storedBytes, reason, outcome },
    ...copied,
    ...(failure === undefined ? {} : { failure: failureDetails(failure) }),
  }
}

function failureDetails({ kind, message, subject, hint, code }: Failure): object {
  return { kind, message, subject, hint, ...(code === undefined ? {} : { code }) }
}
