import { connect, createServer, type Socket } from 'node:net'

/** A proxy for any TCP protocol, whose connections can be cut and held up. */
export interface TcpProxy {
  readonly host: string
  readonly port: number
  /** Connections that were ever accepted. */
  readonly accepted: number
  /** Connections that are open now. */
  readonly open: number
  /** Resets every open connection. New ones are accepted as before. */
  cut(): void
  /** Resets each connection once the server has sent this many bytes over it, counted from when it was opened. */
  cutAfter(bytesFromServer: number): void
  /** Holds each connection up, as `pause` does, once the server has sent this many bytes over it. */
  pauseAfter(bytesFromServer: number): void
  /** Passes on nothing, in either direction, until `resume`; connections stay open. */
  pause(): void
  resume(): void
  stop(): Promise<void>
}

/** A TCP address, to listen at or to pass connections on to. */
export interface TcpTarget {
  host: string
  port: number
}

interface Link {
  client: Socket
  upstream: Socket
  bytesFromServer: number
  held: boolean
}

/** Starts a proxy, on a free port of 127.0.0.1 unless another address is named. */
export async function startTcpProxy(target: TcpTarget, at: TcpTarget = { host: '127.0.0.1', port: 0 }): Promise<TcpProxy> {
  const links = new Set<Link>()
  let accepted = 0
  let paused = false
  let limit = Number.POSITIVE_INFINITY
  let patience = Number.POSITIVE_INFINITY
  const server = createServer((client) => {
    accepted += 1
    const link = { client, upstream: connect(target), bytesFromServer: 0, held: false }
    links.add(link)
    join(link, () => links.delete(link))
    link.upstream.on('data', (chunk: Buffer) => {
      link.bytesFromServer += chunk.byteLength
      if (link.bytesFromServer >= limit) cutLink(link)
      else if (link.bytesFromServer >= patience) hold(link)
    })
    if (paused) hold(link)
  })
  await new Promise<void>((resolve) => server.listen(at.port, at.host, resolve))
  const address = server.address()
  if (address === null || typeof address === 'string') throw new Error('The proxy has no port')
  return {
    ...{ host: at.host, port: address.port },
    get accepted() {
      return accepted
    },
    get open() {
      return links.size
    },
    cut: () => links.forEach(cutLink),
    cutAfter: (bytes) => {
      limit = bytes
      for (const link of links) if (link.bytesFromServer >= limit) cutLink(link)
    },
    pauseAfter: (bytes) => {
      patience = bytes
    },
    pause: () => {
      paused = true
      links.forEach(hold)
    },
    resume: () => {
      paused = false
      patience = Number.POSITIVE_INFINITY
      links.forEach(release)
    },
    stop: () => {
      links.forEach(cutLink)
      return new Promise((resolve) => server.close(() => resolve()))
    },
  }
}

function join({ client, upstream }: Link, ended: () => void): void {
  client.pipe(upstream)
  upstream.pipe(client)
  for (const [socket, other] of [
    [client, upstream],
    [upstream, client],
  ] as const) {
    socket.setNoDelay(true)
    socket.on('error', () => other.destroy())
    socket.on('close', () => {
      other.destroy()
      ended()
    })
  }
}

function cutLink({ client, upstream }: Link): void {
  client.resetAndDestroy()
  upstream.resetAndDestroy()
}

function hold(link: Link): void {
  const { client, upstream } = link
  link.held = true
  client.unpipe(upstream).pause()
  upstream.unpipe(client).pause()
}

function release(link: Link): void {
  // Piped twice, every byte would arrive twice.
  if (!link.held) return
  const { client, upstream } = link
  link.held = false
  client.pipe(upstream)
  upstream.pipe(client)
}
