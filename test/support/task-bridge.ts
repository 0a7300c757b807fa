import { createServer, type IncomingMessage, type ServerResponse } from 'node:http'
import { readRequest } from './s3-operation.ts'

/** What Lambda answers a call with; `TooManyRequestsException` is Lambda's own refusal, all others are errors of the function. */
export type FunctionAnswer = { result: unknown } | { errorType: string; errorMessage: string }

/** What the tasks of a state machine reach. */
export interface Tasks {
  call(payload: unknown): Promise<FunctionAnswer>
  /** An object that a map reads its items from. */
  read(bucket: string, key: string): Promise<Uint8Array>
}

/** Stands where moto's interpreter of state machines looks for Lambda and for S3. */
export interface TaskBridge {
  readonly port: number
  stop(): Promise<void>
}

/** Starts it on a free port of 127.0.0.1. */
export async function startTaskBridge(tasks: Tasks): Promise<TaskBridge> {
  const server = createServer((request, answer) => {
    serve(tasks, request, answer).catch((error: unknown) => refuse(answer, 500, 'ServiceException', String(error)))
  })
  // A step takes as long as it takes.
  server.requestTimeout = 0
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  const { port } = server.address() as { port: number }
  return {
    port,
    stop: () => {
      server.closeAllConnections()
      return new Promise((resolve) => server.close(() => resolve()))
    },
  }
}

async function serve(tasks: Tasks, request: IncomingMessage, answer: ServerResponse): Promise<void> {
  if (!request.url?.startsWith('/2015-03-31/functions/')) {
    const { operation, bucket, key } = readRequest(request)
    if (operation !== 'GetObject') throw new Error(`a state machine asked for ${request.method} ${request.url}`)
    const bytes = await tasks.read(bucket, key)
    answer.writeHead(200, { 'content-type': 'application/json', 'content-length': bytes.byteLength }).end(bytes)
    return
  }
  const parts: Buffer[] = []
  for await (const part of request) parts.push(part as Buffer)
  const answered = await tasks.call(JSON.parse(Buffer.concat(parts).toString()))
  if ('result' in answered) return reply(answer, 200, answered.result ?? null)
  if (answered.errorType === throttled.errorType) return refuse(answer, 429, answered.errorType, answered.errorMessage)
  reply(answer, 200, answered, { 'x-amz-function-error': 'Unhandled' })
}

/** As Lambda refuses a call when too many are at work. */
export const throttled = { errorType: 'TooManyRequestsException', errorMessage: 'Rate Exceeded.' }

/** Of Lambda itself, not of a function; the interpreter wants the id of a request with it. */
function refuse(answer: ServerResponse, status: number, type: string, message: string): void {
  const headers = { 'x-amzn-errortype': type, 'x-amzn-requestid': '00000000-0000-4000-8000-000000000000' }
  reply(answer, status, { Type: 'User', message }, headers)
}

function reply(answer: ServerResponse, status: number, body: unknown, headers: Record<string, string> = {}): void {
  const bytes = Buffer.from(JSON.stringify(body))
  answer.writeHead(status, { 'content-type': 'application/json', 'content-length': bytes.byteLength, ...headers }).end(bytes)
}
