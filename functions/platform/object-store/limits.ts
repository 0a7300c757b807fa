/** How long a store is waited for and how often it is asked again. */
export interface StoreLimits {
  /** No byte sent or received for this long is a stall; the request is given up. Milliseconds. */
  stallMs: number
  /** Time to establish a connection. Milliseconds. */
  connectMs: number
  /** Times one request is made at most, the first one included. */
  attempts: number
  /** Wait before the second attempt; doubles for each further one, with jitter. Milliseconds. */
  backoffMs: number
}

export const defaultLimits: StoreLimits = { stallMs: 60_000, connectMs: 10_000, attempts: 6, backoffMs: 300 }
