import type { Evidence } from '../../archive/evidence.ts'

/** A verification that one process made from its start to its end. */
export interface MeasuredVerification {
  /** COPY text of its set. */
  rawBytes: number
  seconds: number
}

/** What a set takes to be verified, and what there is. */
export interface VerificationNeeds {
  /** COPY text. */
  rawBytes: number
  secondsLeft: number
  /** What takes longer can be handed over, so that it is not tried for want of anything to go by. */
  handedOver: boolean
  /** Where it is restored into a scratch server. */
  disk?: { neededBytes: number; freeBytes: number }
}

/**
 * Of a database that was never verified by one process: what the slowest functions restore and compare in a second, COPY text. One worker
 * did 47 MB/s, four 59 MB/s, on two cores with the server beside it (0.5 GB, 4 million rows, 7 indexes).
 */
const assumedBytesPerSecond = 10_000_000

/**
 * Why a set is too large to be verified in one call, in words; undefined when it is not. Goes by the best rate of the last
 * verifications, so that one slow night does not make it look too large for ever.
 */
export function tooLargeBecause(
  { rawBytes, secondsLeft, handedOver, disk }: VerificationNeeds,
  measured: readonly MeasuredVerification[],
): string | undefined {
  const rates = measured.filter(({ seconds }) => seconds > 0).map((one) => one.rawBytes / one.seconds)
  if (disk !== undefined && disk.freeBytes < disk.neededBytes)
    return `restoring it takes about ${megabytes(disk.neededBytes)} MB of disk, and ${megabytes(disk.freeBytes)} MB are free`
  const rate = Math.max(...rates, rates.length === 0 && handedOver ? assumedBytesPerSecond : 0)
  const seconds = rate === 0 ? 0 : rawBytes / rate
  if (seconds <= secondsLeft) return undefined
  const size = `${megabytes(rawBytes)} MB of rows at ${megabytes(rate)} MB/s`
  return `${size} take ${(seconds / 60).toFixed(1)} min, and one call has ${(secondsLeft / 60).toFixed(1)} min`
}

/** How long one process took; undefined of what many functions verified, which says nothing of one. */
export function measuredBy({ verdict, secondsByPhase }: Evidence, rawBytes: number): MeasuredVerification | undefined {
  // Only who restores, compares and cleans up in one go knows how long the last of these took.
  if (verdict === 'different' || rawBytes === 0 || secondsByPhase['clean-up'] === undefined) return undefined
  return { rawBytes, seconds: Object.values(secondsByPhase).reduce((sum, seconds) => sum + seconds, 0) }
}

function megabytes(bytes: number): string {
  return (bytes / 1e6).toFixed(bytes < 1e7 ? 1 : 0)
}
