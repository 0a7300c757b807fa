const leastSteps = 32

/**
 * What is to be free before rows are written: enough that the disk is well at first, and little enough that a few steps bring
 * it under its limit, however much there is on it.
 *
 * @param minFreePercent `replication.minDiskFree`.
 */
export function roomBytes(takenBytes: number, minFreePercent: number, stepBytes: number): number {
  const share = minFreePercent / 100
  const atLimit = (takenBytes * share) / (1 - share)
  return Math.ceil(Math.max(leastSteps * stepBytes, atLimit + (leastSteps / 2) * stepBytes))
}
