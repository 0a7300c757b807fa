/** Of a call's time: after this nothing more is begun, so that what was begun comes to its end. */
const beginShare = 0.5
/** What works on a large table has nearly all of a call for itself. */
const largeShare = 0.1
const largeBytes = 256 * 1024 * 1024

/** Whether a call may begin another task; it always does one, however short it is. */
export function mayBegin(done: number, usedShare: number): boolean {
  return done === 0 || usedShare < beginShare
}

/** Whether a task about so many bytes of text may be begun now, or is left to a call that has its time before it. */
export function fitsInto(bytes: number, done: number, usedShare: number): boolean {
  return done === 0 || bytes < largeBytes || usedShare < largeShare
}
