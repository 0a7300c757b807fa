import { checksOf } from '../../platform/checks-outcome.ts'
import type { Outcome } from '../../platform/outcome.ts'
import { longestCheckName, longestMessage, mostFailedChecks, type RunResult } from './history-document.ts'

/** What the history keeps of one run. */
export interface Poll {
  /** When it ended; milliseconds since the epoch. */
  atMs: number
  result: RunResult
  message?: string
  /** Of the replica that is furthest behind, among those whose lag is known. */
  lagBytes?: number
  /** At least so long. */
  lagSeconds?: number
  /** For how long replay of a replica has been paused for a backup. */
  replayPausedSeconds?: number
  failedChecks: string[]
}

/** What is worth keeping of an outcome. */
export function pollOf(outcome: Outcome, atMs: number): Poll {
  const { failure, numbers } = outcome
  const lagBytes = quantity(numbers.lagBytes)
  const lagSeconds = quantity(numbers.lagSeconds)
  const replayPausedSeconds = quantity(numbers.replayPausedSeconds)
  return {
    atMs: Math.max(0, Math.round(atMs)),
    result: resultOf(outcome),
    ...(failure === undefined ? {} : { message: cut(failure.message, longestMessage) }),
    ...(lagBytes === undefined ? {} : { lagBytes }),
    ...(lagSeconds === undefined ? {} : { lagSeconds }),
    ...(replayPausedSeconds === undefined ? {} : { replayPausedSeconds }),
    failedChecks: failedChecks(outcome),
  }
}

function resultOf({ ok, failure }: Outcome): RunResult {
  if (ok) return 'good'
  return failure?.kind === 'unwell' ? 'bad' : 'failed'
}

function failedChecks(outcome: Outcome): string[] {
  const failed = checksOf(outcome).filter(({ status }) => status === 'fail')
  return [...new Set(failed.map(({ subject, name }) => cut(`${subject}: ${name}`, longestCheckName)))].slice(
    0,
    mostFailedChecks,
  )
}

/** A lag that is not known is no number, and above all not zero. */
function quantity(value: unknown): number | undefined {
  return typeof value === 'number' && Number.isFinite(value) && value >= 0 ? value : undefined
}

function cut(text: string, most: number): string {
  return text.length <= most ? text : `${text.slice(0, most - 3).toWellFormed()}...`
}
