import { once } from 'node:events'
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http'

/** How a function answered an invocation. */
export type Invoked = { type: 'response'; body: unknown } | { type: 'error'; errorType: string; errorMessage: string }

/** The service that a function asks for its events, as Lambda offers it to the runtime client. */
export interface LambdaRuntimeApi {
  /** For `AWS_LAMBDA_RUNTIME_API`. */
  readonly address: string
  /** Resolves when the function has asked for its first event, which ends its cold start. */
  readonly ready: Promise<void>
  /** Rejects when the function could not be loaded. */
  readonly initFailed: Promise<never>
  /** Hands the function an event, with this much time to work on it. */
  invoke(event: unknown, timeoutMs: number): Promise<Invoked>
  stop(): Promise<void>
}

interface Invocation {
  event: unknown
  timeoutMs: number
  done: (invoked: Invoked) => void
}

const arn = 'arn:aws:lambda:sa-east-1:123456789012:function:under-test'

/** Starts the service on a free port of 127.0.0.1. */
export async function startLambdaRuntimeApi(): Promise<LambdaRuntimeApi> {
  const waiting: Invocation[] = []
  const askers: ServerResponse[] = []
  const running = new Map<string, Invocation>()
  const ready = Promise.withResolvers<void>()
  const failed = Promise.withResolvers<never>()
  failed.promise.catch(() => undefined)
  let number = 0
  const hand = (): void => {
    const [asker, next] = [askers[0], waiting[0]]
    if (asker === undefined || next === undefined) return
    askers.shift()
    waiting.shift()
    number += 1
    const id = `00000000-0000-4000-8000-${String(number).padStart(12, '0')}`
    running.set(id, next)
    const body = JSON.stringify(next.event)
    asker.writeHead(200, {
      'content-type': 'application/json',
      // The client ignores an answer without it, and says nothing.
      'content-length': Buffer.byteLength(body),
      'lambda-runtime-aws-request-id': id,
      'lambda-runtime-deadline-ms': Date.now() + next.timeoutMs,
      'lambda-runtime-invoked-function-arn': arn,
      'lambda-runtime-trace-id': 'Root=1-0-0;Sampled=0',
    })
    asker.end(body)
  }
  const server = createServer((request, answer) => {
    const [, , , subject = '', id = '', end = ''] = (request.url ?? '').split('/')
    if (id === 'next') {
      ready.resolve()
      askers.push(answer)
      return hand()
    }
    void posted(request).then((body) => {
      answer.writeHead(202, { 'content-type': 'application/json', 'content-length': 2 }).end('{}')
      if (subject === 'init') return failed.reject(new Error(`the function could not be loaded: ${JSON.stringify(body)}`))
      running.get(id)?.done(end === 'error' ? failure(body) : { type: 'response', body })
      running.delete(id)
    })
  })
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  const { port } = server.address() as { port: number }
  return {
    address: `127.0.0.1:${port}`,
    ready: ready.promise,
    initFailed: failed.promise,
    invoke: (event, timeoutMs) =>
      new Promise((done) => {
        waiting.push({ event, timeoutMs, done })
        hand()
      }),
    stop: async () => {
      server.closeAllConnections()
      await new Promise((resolve) => server.close(resolve))
    },
  }
}

function failure(body: unknown): Invoked {
  const { errorType = '', errorMessage = '' } = body as { errorType?: string; errorMessage?: string }
  return { type: 'error', errorType, errorMessage }
}

async function posted(request: IncomingMessage): Promise<unknown> {
  const parts: Buffer[] = []
  for await (const part of request) parts.push(part as Buffer)
  const text = Buffer.concat(parts).toString()
  return text === '' ? undefined : JSON.parse(text)
}
