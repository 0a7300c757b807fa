import type { Socket } from 'node:net'

/**
 * Hands on what comes to each of two sockets to the other, and their ends too; where one fails, so does the other. Both must
 * allow half-open connections.
 */
export function joinSockets(one: Socket, other: Socket): void {
  one.once('error', () => other.destroy())
  other.once('error', () => one.destroy())
  one.pipe(other).pipe(one)
}
