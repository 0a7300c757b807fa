import type { RunState } from '../../archive/run-state.ts'

/** Clocks of functions differ by less, and a call whose own time is over (its function's is not quite) is gone by then. */
const leaseMarginMs = 120_000

/**
 * Whether a run still needs the server that its snapshot is on. Who plans or holds ends by itself when its own time is over, and
 * writes a later time when it hands over: once that time has passed, nobody holds anything.
 */
export function needsReplica({ state, endMs = 0 }: RunState, nowMs: number): boolean {
  return (state === 'planning' || state === 'held') && nowMs <= endMs + leaseMarginMs
}
