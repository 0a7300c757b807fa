import { type Finding, ok, warn } from '../platform/check.ts'

const megabyte = 1_000_000
/** An empty server, and most of the WAL that a scratch restore keeps. */
const serverBytes = 256 * megabyte
const walBytes = 2048 * megabyte

/** Whether a scratch server for the largest database fits: tables with indexes as on the source, and WAL. */
export function scratchFinding(directory: string, freeBytes: number, largestDatabaseBytes: number): Finding {
  const needed = serverBytes + largestDatabaseBytes + Math.min(largestDatabaseBytes, walBytes)
  const text = `${inMegabytes(freeBytes)} free in ${directory}, a verification takes about ${inMegabytes(needed)}`
  if (freeBytes >= needed) return ok('scratch space', text)
  return warn('scratch space', text, 'Free some, or name a directory on a larger disk in BALLAST_SCRATCH_DIR.')
}

/** Whether a directory store has room for another set, which is smaller than the databases it is of. */
export function storeSpaceFinding(freeBytes: number, databaseBytes: number): Finding {
  const text = `${inMegabytes(freeBytes)} free, the databases take ${inMegabytes(databaseBytes)}`
  if (freeBytes >= databaseBytes) return ok('space', text)
  return warn('space', text, 'Free some, or use a larger disk: a compressed set is often a tenth to a half of its database.')
}

function inMegabytes(bytes: number): string {
  return `${Math.round(bytes / megabyte).toLocaleString('en-US')} MB`
}
