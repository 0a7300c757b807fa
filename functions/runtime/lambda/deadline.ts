import { Failure } from '../../platform/failure.ts'

/** What a run is told of the end of its time. */
export interface Deadline {
  /** Fires when the run must begin to release what it holds; its reason is a Failure. */
  signal: AbortSignal
  /** When the function will be killed, in milliseconds since the epoch. */
  deadlineMs: number
}

const longestReleaseMs = 30_000
const releaseShare = 0.05

/** Time kept back for releasing what a run holds: a twentieth of what is left, and at most 30 s. */
export function releaseMs(remainingMs: number): number {
  return Math.min(longestReleaseMs, Math.round(remainingMs * releaseShare))
}

/**
 * Runs work that is asked to stop shortly before Lambda would end it without a word. Resolves when the work has ended, so
 * that everything it held is released. Work that knows a limit of its own stops before.
 */
export async function beforeDeadline<T>(remainingMs: number, work: (deadline: Deadline) => Promise<T>): Promise<T> {
  const abort = new AbortController()
  const withinMs = Math.max(0, remainingMs - releaseMs(remainingMs))
  const timer = setTimeout(() => abort.abort(outOfTime(remainingMs)), withinMs)
  try {
    return await work({ signal: abort.signal, deadlineMs: Date.now() + remainingMs })
  } finally {
    clearTimeout(timer)
  }
}

function outOfTime(remainingMs: number): Failure {
  return new Failure(`the function's time of ${Math.round(remainingMs / 1000)} s was nearly over`, {
    kind: 'permanent',
    subject: 'the run',
    code: 'OutOfTime',
    hint: 'Run this on a VM with `ballast timers`, or make the run shorter: more workers, more memory, fewer rows per run.',
  })
}
