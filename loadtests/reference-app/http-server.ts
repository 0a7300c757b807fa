import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http'
import { type Answer, BadRequest, failedAnswer, type Handler, type Question } from './answer.ts'

const largestBody = 10_000
const stopWithinMs = 5_000

/** A server that answers JSON with the first handler that knows the path. */
export function jsonServer(handlers: readonly Handler[]): Server {
  return createServer({ requestTimeout: 10_000 }, (request, response) => {
    void answerTo(request, handlers).then((answer) => send(response, answer))
  })
}

export function listen(server: Server, host: string, port: number): Promise<void> {
  return new Promise((resolve, reject) => {
    server.once('error', reject)
    server.listen(port, host, resolve)
  })
}

/** Takes no more connections, lets requests that are under way end, and cuts off what takes too long. */
export function stop(server: Server): Promise<void> {
  const cut = setTimeout(() => server.closeAllConnections(), stopWithinMs)
  return new Promise((resolve) => {
    server.close(() => {
      clearTimeout(cut)
      resolve()
    })
    server.closeIdleConnections()
  })
}

async function answerTo(request: IncomingMessage, handlers: readonly Handler[]): Promise<Answer> {
  try {
    const question = await questionOf(request)
    for (const handler of handlers) {
      const answer = handler(question)
      if (answer !== undefined) return await answer
    }
    throw new BadRequest(`there is nothing at ${question.url.pathname}`, 404)
  } catch (error) {
    if (!(error instanceof BadRequest)) log(`${request.method} ${request.url}`, error)
    return failedAnswer(error)
  }
}

async function questionOf(request: IncomingMessage): Promise<Question> {
  const parts: Buffer[] = []
  let bytes = 0
  for await (const part of request as AsyncIterable<Buffer>) {
    bytes += part.byteLength
    if (bytes > largestBody) throw new BadRequest(`a body may have ${largestBody} bytes`, 413)
    parts.push(part)
  }
  const text = Buffer.concat(parts).toString('utf8')
  const url = new URL(request.url ?? '/', 'http://service')
  return { method: request.method ?? 'GET', url, body: text === '' ? undefined : parsed(text) }
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch (cause) {
    throw Object.assign(new BadRequest('the body is not JSON'), { cause })
  }
}

function send(response: ServerResponse, { status, body }: Answer): void {
  const text = JSON.stringify(body)
  response.writeHead(status, { 'content-type': 'application/json', 'content-length': Buffer.byteLength(text) }).end(text)
}

/** One line of JSON on the error output. */
export function log(what: string, error: unknown): void {
  const { message, code } = error as { message?: unknown; code?: unknown }
  process.stderr.write(`${JSON.stringify({ at: new Date().toISOString(), what, error: String(message ?? error), code })}\n`)
}
