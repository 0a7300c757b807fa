import type { RunState } from '../../archive/run-state.ts'

/** Clocks of functions differ by less. */
const leaseMarginMs = 60_000

/**
 * Whether a run still needs the server that its snapshot is on. Who plans or holds ends by itself when its own time is over, and
 * writes a later time when it hands over: once that time has passed, nobody holds anything.
 */
export function needsReplica({ state, endMs = 0 }: RunState, nowMs: number): boolean {
  return (state === 'planning' || state === 'held') && nowMs <= endMs + leaseMarginMs
}
