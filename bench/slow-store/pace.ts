import type { Socket } from 'node:net'

/** How slow one direction of one connection is. */
export interface Pace {
  bytesPerSecond: number
  /** Between a byte's coming in and its going out, at any rate. */
  delayMs: number
}

/** What a link may send at once after it was idle: as much as the event loop may come late on a machine whose cores are all busy. */
const burstMs = 40
/** A wait that a timer cannot keep. */
const leastWaitMs = 2

/** Passes bytes on from one socket to another at a pace, in order; the end after the last byte. */
export function passPaced(from: Socket, to: Socket, { bytesPerSecond, delayMs }: Pace, seen: (chunk: Buffer) => void): void {
  // The moment at which all that has come in so far will have passed.
  let passedAt = 0
  const later = (delay: number, work: () => void): void => {
    if (delay > leastWaitMs) setTimeout(work, delay)
    else work()
  }
  const send = (work: () => void): void => {
    if (delayMs > 0) setTimeout(work, delayMs)
    else work()
  }
  from.on('data', (chunk: Buffer) => {
    seen(chunk)
    const now = performance.now()
    passedAt = Math.max(passedAt, now - burstMs) + (chunk.byteLength / bytesPerSecond) * 1000
    from.pause()
    later(passedAt - now, () => {
      send(() => {
        if (!to.destroyed) to.write(chunk)
      })
      // What the other side does not take is waited for here, so that nothing piles up.
      if (to.writableNeedDrain) to.once('drain', () => from.resume())
      else from.resume()
    })
  })
  from.on('end', () => later(passedAt - performance.now(), () => send(() => to.end())))
}
