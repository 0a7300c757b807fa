import type { Socket } from 'node:net'
import { postgresFailure } from '../errors.ts'
import type { Session } from '../session.ts'
import { CopyQuery, type WireConnection } from './copy-query.ts'

/**
 * Runs `COPY ... FROM STDIN` with the given text and returns the number of rows that the server took.
 *
 * The blocks go to the socket as they are, each behind a 5-byte header, at the server's pace. When the source fails, the
 * COPY is told to fail too, so that no part of it stays, and the source's error is thrown.
 */
export async function copyIn(
  session: Session,
  sql: string,
  subject: string,
  source: AsyncIterable<Uint8Array>,
): Promise<number> {
  const query = new CopyQuery(sql)
  let sourceError: { error: unknown } | undefined
  let ended = false
  let rows = 0
  query.onCopied = (count) => {
    rows = count
  }
  query.onEnd = () => {
    ended = true
  }
  query.onCopyIn = (connection) => {
    send(connection, source, () => ended).catch((error: unknown) => {
      sourceError = { error }
      connection.sendCopyFail('the source of the rows failed')
    })
  }
  session.client.query(query)
  try {
    await query.done
  } catch (error) {
    throw sourceError === undefined ? postgresFailure(error, subject) : sourceError.error
  }
  return rows
}

async function send(connection: WireConnection, source: AsyncIterable<Uint8Array>, ended: () => boolean): Promise<void> {
  const socket = connection.stream
  for await (const bytes of source) {
    if (ended()) return
    if (bytes.length > 0) await write(socket, bytes)
  }
  if (!ended()) connection.endCopyFrom()
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
