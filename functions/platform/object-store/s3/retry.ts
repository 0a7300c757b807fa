import { setTimeout as pause } from 'node:timers/promises'
import { throwIfAborted } from '../../abort.ts'
import type { Failure } from '../../failure.ts'
import type { StoreLimits } from '../limits.ts'

const longestBackoffMs = 10_000

/** What a repeated request cannot cure, though a new run may. */
const onlyFromTheStart: ReadonlySet<string> = new Set(['Aborted', 'NoSuchUpload', 'ObjectChanged'])

/** Whether a failed attempt is worth another one, and after how long (milliseconds). */
export function nextAttempt(failure: Failure, attempt: number, limits: StoreLimits, random: number): number | undefined {
  // The SDK learns the clock's offset from the refusal, so a second attempt is signed with the store's time.
  const clock = failure.code === 'RequestTimeTooSkewed'
  if (failure.kind !== 'transient' && !clock) return undefined
  if (onlyFromTheStart.has(failure.code ?? '')) return undefined
  // A stall has already cost a whole deadline, and a wrong clock is corrected at once or never.
  const most = clock || failure.code === 'TimeoutError' ? Math.min(2, limits.attempts) : limits.attempts
  if (attempt >= most) return undefined
  const full = Math.min(longestBackoffMs, limits.backoffMs * 2 ** (attempt - 1))
  return full / 2 + (full / 2) * random
}

/** Waits, unless the signal fires. */
export async function backOff(ms: number, signal: AbortSignal | undefined, subject: string): Promise<void> {
  await pause(ms, undefined, signal === undefined ? {} : { signal }).catch(() => throwIfAborted(signal, subject))
}
