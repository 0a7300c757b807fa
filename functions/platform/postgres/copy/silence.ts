import type { Socket } from 'node:net'
import { Failure } from '../../failure.ts'

/**
 * How long a server may neither send nor take a byte of a COPY before it counts as stuck. Long, because a server that reads
 * pages of nothing but dead rows, or waits for its disk, is silent too. Milliseconds.
 */
export const silenceLimitMs = 15 * 60_000

/**
 * Ends the connection when the peer has been silent for too long, which TCP does not notice while something between, or the
 * server's host, still answers for it.
 *
 * @param isWaiting whether it is the peer's turn; silence of our own making does not count.
 * @returns ends the watch.
 */
export function watchSilence(socket: Socket, limitMs: number, subject: string, isWaiting: () => boolean): () => void {
  const onTimeout = (): void => {
    if (isWaiting()) socket.destroy(silent(limitMs, subject))
    else socket.setTimeout(limitMs)
  }
  socket.setTimeout(limitMs, onTimeout)
  return () => {
    socket.setTimeout(0)
    socket.off('timeout', onTimeout)
  }
}

function silent(limitMs: number, subject: string): Failure {
  return new Failure(`the server has been silent for ${Math.round(limitMs / 1000)} s in the middle of ${subject}`, {
    kind: 'transient',
    subject,
    hint: 'The server, or a proxy or firewall before it, holds the connection without answering: look at it, then run again.',
    code: 'SILENT',
  })
}
