/** How often the steps of a run look, and how much they do at once; what a plan of scale goes by as well. */

const longestRenewMs = 5_000
/** Of a holder: between two proofs that its session lives. */
export function renewMsOf(holderSeconds: number): number {
  return Math.min(longestRenewMs, holderSeconds * 100)
}

/** The longest that a waiting holder stays away: it also learns there that the run has ended. */
export const longestWaitSeconds = 120
/** It stays away for so long until somebody else has planned. */
export const planningWaitSeconds = 5
/** Between two looks of who waits for the plan. */
export const planPollMs = 1_000
/** Batches of a plan that are stored at the same time. */
export const batchWriters = 8
/** Results that are read at the same time. */
export const resultReaders = 32
