import { createServer, type IncomingHttpHeaders, type ServerResponse } from 'node:http'
import { text } from 'node:stream/consumers'

/** What the receiver does with one request: an answer, an answer with all that came in it, silence, or a closed connection. */
export type Behaviour =
  | 'hang'
  | 'close'
  | { status: number; body?: string; headers?: Record<string, string> }
  | { status: number; echo: true }

/** A request as it came. */
export interface Received {
  method: string
  path: string
  headers: IncomingHttpHeaders
  body: string
  atMs: number
}

/** An HTTP server on loopback that remembers what came, and answers as it is told. */
export interface HttpReceiver {
  readonly url: string
  readonly requests: Received[]
  /** For the next requests, one each; 200 `ok` afterwards. */
  next(...behaviours: Behaviour[]): void
  /** For every request from now on. */
  always(behaviour: Behaviour): void
  /** Forgets requests and behaviours. */
  reset(): void
  stop(): Promise<void>
}

export async function startHttpReceiver(): Promise<HttpReceiver> {
  const requests: Received[] = []
  const well: Behaviour = { status: 200, body: 'ok' }
  let queue: Behaviour[] = []
  let otherwise: Behaviour = well
  const server = createServer(async (incoming, answer) => {
    const { method = '', url: path = '', headers } = incoming
    const received = { method, path, headers, body: await text(incoming), atMs: performance.now() }
    requests.push(received)
    act(queue.shift() ?? otherwise, received, answer)
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  const address = server.address()
  if (address === null || typeof address === 'string') throw new Error('The server has no port')
  return {
    url: `http://127.0.0.1:${address.port}`,
    requests,
    next: (...behaviours) => queue.push(...behaviours),
    always: (behaviour) => {
      otherwise = behaviour
    },
    reset: () => {
      requests.length = 0
      queue = []
      otherwise = well
    },
    stop: () => {
      server.closeAllConnections()
      return new Promise((resolve) => server.close(() => resolve()))
    },
  }
}

function act(behaviour: Behaviour, { path, headers, body }: Received, answer: ServerResponse): void {
  if (behaviour === 'hang') return
  if (behaviour === 'close') answer.destroy()
  else if ('echo' in behaviour)
    answer.writeHead(behaviour.status).end(`http://${headers.host}${path} ${body} ${JSON.stringify(headers)}`)
  else answer.writeHead(behaviour.status, behaviour.headers).end(behaviour.body ?? '')
}
