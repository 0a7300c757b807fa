import type { ManifestSummary } from '../archive/manifest.ts'
import { Failure } from '../platform/failure.ts'

/** What can be known before a backup starts of how long it will take. */
export interface TimeEstimate {
  /** COPY text that there is to copy now. */
  rawBytes: number
  /** Of the fastest of the sets looked at. */
  bytesPerSecond: number
  seconds: number
}

type Measured = Pick<ManifestSummary, 'startedAt' | 'finishedAt' | 'rows' | 'rawBytes'>

/** So many sets are looked at; one slow night must not make a database look too large for ever. */
export const ratesLookedAt = 5

/**
 * The least time that a backup takes, by the best rate of the newest sets; undefined as long as there is none to go by.
 * The size is that of the newest set, more or less by as much as the number of rows has changed since.
 *
 * @param sets of one database, newest first.
 * @param rowsNow as the server estimates them; 0 where it does not know.
 * @param measured those of the sets whose rate counts.
 */
export function estimateTime(
  sets: readonly Measured[],
  rowsNow: number,
  measured: readonly Measured[] = sets,
): TimeEstimate | undefined {
  const [newest] = sets
  const rates = measured.slice(0, ratesLookedAt).flatMap(rateOf)
  if (newest === undefined || rates.length === 0) return undefined
  const change = rowsNow > 0 && newest.rows > 0 ? rowsNow / newest.rows : 1
  const rawBytes = Math.round(newest.rawBytes * change)
  const bytesPerSecond = Math.max(...rates)
  return { rawBytes, bytesPerSecond, seconds: rawBytes / bytesPerSecond }
}

function rateOf({ startedAt, finishedAt, rawBytes }: Measured): number[] {
  const seconds = (Date.parse(finishedAt) - Date.parse(startedAt)) / 1000
  return rawBytes > 0 && seconds > 0 ? [rawBytes / seconds] : []
}

/** Of a database that has no set yet: what the slowest functions read from their tables on disk. */
export const assumedBytesPerSecond = 25_000_000

/** How long a backup takes where there is none to go by, by the size of its tables on disk. */
export function assumeTime(tableBytes: number): TimeEstimate {
  return { rawBytes: tableBytes, bytesPerSecond: assumedBytesPerSecond, seconds: tableBytes / assumedBytesPerSecond }
}

/** Code of the Failure of a backup that does not fit. */
export const tooLong = 'TooLong'

/**
 * Refuses what cannot come to its end in time, before anything is copied.
 *
 * @throws Failure `permanent` with code `TooLong`.
 */
export function refuseTooLong(subject: string, estimate: TimeEstimate | undefined, secondsLeft: number): void {
  if (estimate === undefined || estimate.seconds <= secondsLeft) return
  const { rawBytes, bytesPerSecond, seconds } = estimate
  const size = `${megabytes(rawBytes)} MB of rows at ${megabytes(bytesPerSecond)} MB/s, the best rate of its last sets,`
  throw new Failure(`${size} take ${minutes(seconds)} min, and this run has ${minutes(secondsLeft)} min`, {
    kind: 'permanent',
    subject,
    code: tooLong,
    hint:
      'Run this slot where there is more time: from a systemd timer on a VM (`ballast timers`), or with a longer ' +
      'backup.limits.duration; more memory (runtime.lambda.memory) also gives a function more processor, and backup.workers more connections.',
  })
}

function megabytes(bytes: number): string {
  return (bytes / 1e6).toFixed(bytes < 1e7 ? 1 : 0)
}

function minutes(seconds: number): string {
  return (seconds / 60).toFixed(1)
}
