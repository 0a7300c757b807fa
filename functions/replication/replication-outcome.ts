import { checksOutcome } from '../platform/checks-outcome.ts'
import type { Outcome, OutcomeNumbers } from '../platform/outcome.ts'
import type { Judged } from './judge.ts'

const hint = 'Do what is said for each failed check, the primary first; docs/replication.md says what each one means.'

/** What one poll of a cluster found, with how far each replica is behind, and in the numbers the one that is furthest. */
export function replicationOutcome(
  operation: string,
  subject: string,
  { checks, lags, replayPausedSeconds }: Pick<Judged, 'checks' | 'lags' | 'replayPausedSeconds'>,
): Outcome & { details: Pick<Judged, 'checks' | 'lags'> } {
  const outcome = checksOutcome(operation, subject, hint, checks)
  const paused = replayPausedSeconds === undefined ? {} : { replayPausedSeconds }
  return { ...outcome, numbers: { ...outcome.numbers, ...worstLag(lags), ...paused }, details: { checks, lags } }
}

/** A lag that is not known is no number, and above all not zero; one that is excused is nothing to worry about. */
function worstLag(lags: Judged['lags']): OutcomeNumbers {
  const known = lags.flatMap(({ lag, excuse }) => (lag === undefined || excuse !== undefined ? [] : [lag]))
  const seconds = known.flatMap(({ atLeastSeconds }) => (atLeastSeconds === undefined ? [] : [atLeastSeconds]))
  return {
    ...(known.length === 0 ? {} : { lagBytes: Math.max(...known.map(({ bytes }) => bytes)) }),
    ...(seconds.length === 0 ? {} : { lagSeconds: Math.max(...seconds) }),
  }
}
