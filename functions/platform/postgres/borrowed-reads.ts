import type { OnReadOpts, Socket } from 'node:net'

const readBytes = 256 * 1024
const borrowers = new WeakSet<Socket>()

/**
 * Options for a socket that reads into one buffer of its own instead of a new one per read: a COPY of gigabytes would
 * otherwise leave as many bytes of garbage, which the collector lets pile up to 64 MB a thread (measured).
 *
 * Whoever listens to `data` gets a copy, except while {@link borrowReads} is in force.
 */
export function reusedReads(socket: () => Socket): { onread: OnReadOpts } {
  const buffer = Buffer.allocUnsafeSlow(readBytes)
  const callback = (count: number): boolean => {
    const bytes = buffer.subarray(0, count)
    const target = socket()
    target.emit('data', borrowers.has(target) ? bytes : Buffer.from(bytes))
    return true
  }
  return { onread: { buffer, callback } }
}

/** From now on the listeners take what they need of each `data` before they return, or pause the socket until they have. */
export function borrowReads(socket: Socket): void {
  borrowers.add(socket)
}

/** From now on each `data` carries bytes that listeners may keep. */
export function stopBorrowing(socket: Socket): void {
  borrowers.delete(socket)
}
