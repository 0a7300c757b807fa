/** A recovery that was measured. */
export interface MeasuredRecovery {
  /** From the decision to the first query. */
  seconds: number
  /** The part of it that grows with the data: loading rows, building indexes. */
  growingSeconds: number
  /** Size of the recovered database without what an empty one takes. */
  bytes: number
}

/**
 * How long the recovery of more data would take on the same machines: what grows with the data grows in proportion to its size,
 * the rest stays. It knows nothing of caches that are too small for more data, of other disks or of another network.
 *
 * @returns seconds, or undefined where too little was measured to say anything.
 */
export function projectRecovery({ seconds, growingSeconds, bytes }: MeasuredRecovery, realBytes: number): number | undefined {
  if (bytes < leastBytes || growingSeconds <= 0) return undefined
  return seconds - growingSeconds + (growingSeconds * realBytes) / bytes
}

/** Below it, the time to start programs is all that is measured. */
const leastBytes = 10_000_000

/** The data that a projection is for, and where its size comes from. */
export interface RealSize {
  bytes: number
  from: 'server' | 'definition'
}

/**
 * The most data that a disk may hold before its alert: what a recovery must cope with in the worst case.
 *
 * @param minFreePercent `replication.minDiskFree`.
 */
export function largestData(diskBytes: number, minFreePercent: number): number {
  return diskBytes * (1 - minFreePercent / 100)
}
