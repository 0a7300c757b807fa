import { checksOutcome } from '../../functions/platform/checks-outcome.ts'
import type { Outcome } from '../../functions/platform/outcome.ts'
import type { Judged } from '../../functions/replication/judge.ts'

const hint = 'Do what is said for each failed check, the primary first; docs/replication.md says what each one means.'

/** What one poll of a cluster found, with how far each replica is behind. */
export function replicationOutcome(subject: string, { checks, lags }: Judged): Outcome {
  return { ...checksOutcome('check replication', subject, hint, checks), details: { checks, lags } }
}
