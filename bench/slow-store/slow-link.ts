import { connect, createServer, type Socket } from 'node:net'
import { type Pace, passPaced } from './pace.ts'

/** A way to a server, slower than the server. */
export interface SlowLink {
  port: number
  stop(): Promise<void>
}

export interface SlowLinkOptions {
  /** Where the server listens, on 127.0.0.1. */
  target: number
  /** Of each connection and direction. */
  bytesPerSecond: number
  /** Of each answer. */
  latencyMs: number
  /** Is told the first bytes of every request: of HTTP without pipelining, where the next one comes after the answer. */
  onRequest(head: string): void
}

const headCharacters = 4096

/** Opens the way, on a free port of 127.0.0.1. */
export async function openSlowLink({ target, bytesPerSecond, latencyMs, onRequest }: SlowLinkOptions): Promise<SlowLink> {
  const sockets = new Set<Socket>()
  const toServer: Pace = { bytesPerSecond, delayMs: 0 }
  const toClient: Pace = { bytesPerSecond, delayMs: latencyMs }
  const server = createServer((client) => {
    const upstream = connect(target, '127.0.0.1')
    let answered = true
    passPaced(client, upstream, toServer, (chunk) => {
      if (answered) onRequest(chunk.toString('latin1', 0, headCharacters))
      answered = false
    })
    passPaced(upstream, client, toClient, () => {
      answered = true
    })
    for (const [socket, other] of [
      [client, upstream],
      [upstream, client],
    ] as const) {
      sockets.add(socket)
      socket.setNoDelay(true)
      socket.on('error', () => other.destroy())
      socket.on('close', () => sockets.delete(socket))
    }
    client.on('close', () => upstream.destroy())
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  const address = server.address()
  if (address === null || typeof address === 'string') throw new Error('the slow link has no port')
  const stop = async () => {
    for (const socket of sockets) socket.destroy()
    await new Promise<void>((resolve) => server.close(() => resolve()))
  }
  return { port: address.port, stop }
}
