import { Agent, createServer, request as httpRequest, type IncomingMessage, type ServerResponse } from 'node:http'
import type { Socket } from 'node:net'
import { Transform } from 'node:stream'
import { errorBody, type Fault, FaultPlan, type FaultRule } from './s3-fault.ts'
import { readRequest, type S3Operation, type SeenRequest } from './s3-operation.ts'

/** An HTTP proxy before an S3 server that lets chosen requests go wrong. */
export interface S3FaultProxy {
  /** What a client takes for the S3 server. */
  readonly endpoint: string
  /** Every request, in the order in which they arrived. */
  readonly requests: readonly SeenRequest[]
  /** How often an operation was asked for. */
  count(operation: S3Operation): number
  inject(rule: FaultRule): void
  /** Forgets rules and requests. */
  clear(): void
  stop(): Promise<void>
}

/** Starts a proxy on a free port. The Host header passes unchanged, so that signatures stay valid. */
export async function startS3FaultProxy(target: string): Promise<S3FaultProxy> {
  const plan = new FaultPlan()
  const requests: SeenRequest[] = []
  const agent = new Agent({ keepAlive: true })
  const server = createServer((incoming, answer) => {
    const seen = readRequest(incoming)
    requests.push(seen)
    const fault = plan.next(seen)
    incoming.on('error', () => undefined)
    serve({ target, agent, incoming, answer }, fault).catch(() => answer.destroy())
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  const address = server.address()
  if (address === null || typeof address === 'string') throw new Error('The proxy has no port')
  return {
    endpoint: `http://127.0.0.1:${address.port}`,
    requests,
    count: (operation) => requests.filter((request) => request.operation === operation).length,
    inject: (rule) => plan.add(rule),
    clear: () => {
      plan.clear()
      requests.length = 0
    },
    stop: () => {
      agent.destroy()
      server.closeAllConnections()
      return new Promise((resolve) => server.close(() => resolve()))
    },
  }
}

interface Exchange {
  target: string
  agent: Agent
  incoming: IncomingMessage
  answer: ServerResponse
}

async function serve(exchange: Exchange, fault: Fault | undefined): Promise<void> {
  const { incoming, answer } = exchange
  switch (fault?.type) {
    case 'refuse':
      await drain(incoming)
      return reply(answer, incoming, fault.status, errorBody(fault.code))
    case 'stall':
      return drain(incoming)
    case 'reset':
      if (fault.when === 'after work') await relay(exchange, undefined, true)
      if (fault.when === 'after body') await drain(incoming)
      return reset(incoming.socket)
    case 'reset in body':
      return resetInBody(incoming, fault.bytes)
    case 'answer 200':
      if (fault.work) await relay(exchange, undefined, true)
      else await drain(incoming)
      return reply(answer, incoming, 200, fault.body)
    case 'meanwhile':
      await fault.run()
      return relay(exchange, undefined)
    default:
      return relay(exchange, fault)
  }
}

async function drain(incoming: IncomingMessage): Promise<void> {
  for await (const _ of incoming);
}

function reset(socket: Socket): void {
  socket.resetAndDestroy()
}

async function resetInBody(incoming: IncomingMessage, bytes: number): Promise<void> {
  let read = 0
  for await (const chunk of incoming) {
    read += (chunk as Buffer).byteLength
    if (read >= bytes) return reset(incoming.socket)
  }
}

function reply(answer: ServerResponse, incoming: IncomingMessage, status: number, body: string): void {
  const bytes = Buffer.from(body)
  answer.writeHead(status, { 'content-type': 'application/xml', 'content-length': bytes.byteLength })
  answer.end(incoming.method === 'HEAD' ? undefined : bytes)
}

/** Passes the request to the server; its answer goes back (with the fault in it), or is dropped. */
function relay({ target, agent, incoming, answer }: Exchange, fault: Fault | undefined, dropAnswer = false): Promise<void> {
  return new Promise((resolve, reject) => {
    const { hostname, port } = new URL(target)
    const { method, url: path, headers } = incoming
    const outgoing = httpRequest({ hostname, port, method, path, headers, agent, setHost: false }, (response) => {
      response.on('error', reject)
      if (dropAnswer) {
        response.resume().on('end', resolve)
        return
      }
      answer.writeHead(response.statusCode ?? 502, changedHeaders(response.headers, fault))
      response.pipe(bodyFault(fault, answer)).pipe(answer)
      answer.on('close', resolve)
    })
    outgoing.on('error', reject)
    incoming.pipe(fault?.type === 'corrupt request' ? flipByte(fault.at) : passing()).pipe(outgoing)
  })
}

function changedHeaders(headers: IncomingMessage['headers'], fault: Fault | undefined): IncomingMessage['headers'] {
  if (fault?.type !== 'header') return headers
  const { [fault.name]: _, ...others } = headers
  return fault.value === undefined ? others : { ...others, [fault.name]: fault.value }
}

function bodyFault(fault: Fault | undefined, answer: ServerResponse): Transform {
  if (fault?.type === 'corrupt answer') return flipByte(fault.at)
  if (fault?.type === 'truncate') return cutAfter(fault.bytes, () => answer.socket && reset(answer.socket))
  if (fault?.type === 'stall in answer') return cutAfter(fault.bytes, () => undefined)
  return passing()
}

function passing(): Transform {
  return new Transform({ transform: (chunk, _, done) => done(null, chunk) })
}

function flipByte(at: number): Transform {
  let position = 0
  return new Transform({
    transform: (chunk: Buffer, _, done) => {
      const index = at - position
      position += chunk.byteLength
      if (index < 0 || index >= chunk.byteLength) return done(null, chunk)
      const changed = Buffer.from(chunk)
      changed[index] = (changed[index] ?? 0) ^ 0x01
      done(null, changed)
    },
  })
}

/** Passes so many bytes; nothing after them, not even the end. */
function cutAfter(bytes: number, then: () => void): Transform {
  let left = bytes
  return new Transform({
    transform(chunk: Buffer, _, done) {
      const some = chunk.subarray(0, left)
      left -= some.byteLength
      this.push(some)
      if (left > 0) done()
      // Never done again, so nothing follows. The bytes get a moment to leave: a reset discards what is still unsent.
      else setTimeout(then, 50)
    },
  })
}
