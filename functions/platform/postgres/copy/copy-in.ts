import type { Socket } from 'node:net'
import type { Session } from '../session.ts'
import { CopyQuery, socketOf, type WireConnection } from './copy-query.ts'
import { silenceLimitMs, watchSilence } from './silence.ts'

/**
 * Runs `COPY ... FROM STDIN` with the given text and returns the number of rows that the server took.
 *
 * The blocks go to the socket as they are, each behind a 5-byte header, at the server's pace. When the source fails, the
 * COPY is told to fail too, so that no part of it stays, and the source's error is thrown.
 *
 * @param silenceMs after which a server that takes nothing counts as stuck.
 */
export async function copyIn(
  session: Session,
  sql: string,
  subject: string,
  source: AsyncIterable<Uint8Array>,
  silenceMs: number = silenceLimitMs,
): Promise<number> {
  const query = new CopyQuery(sql)
  let sourceError: { error: unknown } | undefined
  let rows = 0
  const state: SendState = { ended: false, isOurTurn: false }
  query.onCopied = (count) => {
    rows = count
  }
  query.onEnd = () => {
    state.ended = true
  }
  query.onCopyIn = (connection) => {
    send(connection, source, state).catch((error: unknown) => {
      sourceError = { error }
      connection.sendCopyFail('the source of the rows failed')
    })
  }
  const endWatch = watchSilence(socketOf(session.client), silenceMs, subject, () => !state.isOurTurn)
  session.client.query(query)
  try {
    await query.done
  } catch (error) {
    throw sourceError === undefined ? session.explain(error, subject) : sourceError.error
  } finally {
    endWatch()
  }
  return rows
}

interface SendState {
  /** The server has ended the COPY, well or not. */
  ended: boolean
  /** The server waits for our source. */
  isOurTurn: boolean
}

async function send(connection: WireConnection, source: AsyncIterable<Uint8Array>, state: SendState): Promise<void> {
  const socket = connection.stream
  state.isOurTurn = true
  try {
    for await (const bytes of source) {
      if (state.ended) return
      state.isOurTurn = false
      if (bytes.length > 0) await write(socket, bytes)
      state.isOurTurn = true
    }
  } finally {
    state.isOurTurn = false
  }
  if (!state.ended) connection.endCopyFrom()
}

/** Resolves when the bytes are with the kernel, so that they are free for other use, or when the connection is lost. */
function write(socket: Socket, bytes: Uint8Array): Promise<void> {
  const header = Buffer.allocUnsafe(5)
  header[0] = 0x64 // 'd': CopyData; the length counts itself
  header.writeInt32BE(bytes.length + 4, 1)
  return new Promise((resolve) => {
    socket.cork()
    socket.write(header)
    // A lost connection fails the query, which says more.
    socket.write(bytes, () => resolve())
    socket.uncork()
  })
}
