import type { CompleteSet } from './catalogue.ts'

/** Clocks that differ by less than this agree. */
const clockToleranceMs = 3_600_000

/** When a set's backup began, as its manifest records it; milliseconds since the epoch. */
export function startedMs({ summary }: CompleteSet): number {
  return Date.parse(summary.startedAt)
}

/** Whether a moment can only come from a clock that was wrong. */
export function isFromFuture(ms: number, nowMs: number): boolean {
  return ms > nowMs + clockToleranceMs
}
