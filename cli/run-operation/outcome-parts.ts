import { z } from 'zod'
import { Failure } from '../../functions/platform/failure.ts'
import type { Outcome } from '../../functions/platform/outcome.ts'

/** The outcomes that an outcome was made of; itself where it is one. */
export function partsOf(outcome: Outcome): Outcome[] {
  const { details } = outcome
  const isCombined = typeof details === 'object' && details !== null && 'outcomes' in details && Array.isArray(details.outcomes)
  return isCombined ? (details.outcomes as Outcome[]) : [outcome]
}

const failedOn = z.object({ failedOn: z.string() })

/** Why an outcome is not well, as it was thrown; undefined where the run went well. */
export function failureOf({ subject, failure, details }: Outcome): Failure | undefined {
  if (failure === undefined || failure.kind === 'unwell') return undefined
  const { kind, message, hint, code } = failure
  const thing = failedOn.safeParse(details).data?.failedOn ?? subject
  return new Failure(message, { kind, subject: thing, hint, ...(code === undefined ? {} : { code }) })
}
