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
  /** Passes on nothing, in either direction, until `resume`; connections stay open. */
  pause(): void
  resume(): void
  stop(): Promise<void>
}

/** A TCP address to pass connections on to. */
export interface TcpTarget {
  host: string
  port: number
}

interface Link {
  client: Socket
  upstream: Socket
  bytesFromServer: number
}

/** Starts a proxy on a free port of 127.0.0.1. */
export async function startTcpProxy(target: TcpTarget): Promise<TcpProxy> {
  const links = new Set<Link>()
  let accepted = 0
  let paused = false
  let limit = Number.POSITIVE_INFINITY
  const server = createServer((client) => {
    accepted += 1
    const link = { client, upstream: connect(target), bytesFromServer: 0 }
    links.add(link)
    join(link, () => links.delete(link))
    link.upstream.on('data', (chunk: Buffer) => {
      link.bytesFromServer += chunk.byteLength
      if (link.bytesFromServer >= limit) cutLink(link)
    })
    if (paused) hold(link)
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  const address = server.address()
  if (address === null || typeof address === 'string') throw new Error('The proxy has no port')
  return {
    ...{ host: '127.0.0.1', port: address.port },
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
    pause: () => {
      paused = true
      links.forEach(hold)
    },
    resume: () => {
      paused = false
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

function hold({ client, upstream }: Link): void {
  client.unpipe(upstream).pause()
  upstream.unpipe(client).pause()
}

function release({ client, upstream }: Link): void {
  client.pipe(upstream)
  upstream.pipe(client)
}
