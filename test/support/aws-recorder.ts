import { createServer, type IncomingMessage } from 'node:http'

/** One request to a service of Amazon's, as far as IAM asks about it. */
export interface AwsRequest {
  /** As the signature names it: `sns`. */
  service: string
  region: string
  /** As the service calls it: `Publish`. */
  operation: string
  /** Its fields, those that are texts. */
  input: Readonly<Record<string, string>>
}

/** An HTTP proxy before moto that remembers what was asked for. */
export interface AwsRecorder {
  readonly endpoint: string
  /** In the order in which they arrived. */
  readonly requests: AwsRequest[]
  stop(): Promise<void>
}

/** Starts it on a free port of 127.0.0.1. */
export async function startAwsRecorder(target: string): Promise<AwsRecorder> {
  const requests: AwsRequest[] = []
  const server = createServer((incoming, answer) => {
    const relay = async (): Promise<void> => {
      const body = await bodyOf(incoming)
      requests.push(readRequest(incoming, body))
      const { host: _ours, connection: _hop, 'content-length': _length, ...headers } = incoming.headers
      const url = new URL(incoming.url ?? '/', target)
      const { method = 'GET' } = incoming
      const sent = new Headers(Object.entries(headers).map(([name, value]) => [name, String(value)]))
      const answered = await fetch(url, { method, headers: sent, ...(body.length === 0 ? {} : { body }) })
      const content = Buffer.from(await answered.arrayBuffer())
      const type = answered.headers.get('content-type') ?? 'application/json'
      const error = answered.headers.get('x-amzn-errortype')
      answer.writeHead(answered.status, { 'content-type': type, ...(error === null ? {} : { 'x-amzn-errortype': error }) })
      answer.end(content)
    }
    relay().catch(() => answer.destroy())
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  const { port } = server.address() as { port: number }
  return {
    endpoint: `http://127.0.0.1:${port}`,
    requests,
    stop: () => {
      server.closeAllConnections()
      return new Promise((resolve) => server.close(() => resolve()))
    },
  }
}

async function bodyOf(incoming: IncomingMessage): Promise<Buffer> {
  const parts: Buffer[] = []
  for await (const part of incoming) parts.push(part as Buffer)
  return Buffer.concat(parts)
}

/** By the three protocols that our clients speak: JSON with a target, a form with an action, and REST. */
function readRequest({ method, url, headers }: IncomingMessage, body: Buffer): AwsRequest {
  const [, region = '', service = ''] =
    /Credential=[^/]+\/\d{8}\/([^/]+)\/([^/]+)\/aws4_request/.exec(headers.authorization ?? '') ?? []
  const target = headers['x-amz-target']
  if (typeof target === 'string') {
    return { service, region, operation: target.replace(/^.*\./, ''), input: texts(JSON.parse(body.toString()) as object) }
  }
  if (headers['content-type']?.startsWith('application/x-www-form-urlencoded')) {
    const fields = Object.fromEntries(new URLSearchParams(body.toString()))
    return { service, region, operation: fields.Action ?? '', input: fields }
  }
  return { service, region, operation: `${method} ${url}`, input: texts(JSON.parse(body.toString() || '{}') as object) }
}

function texts(fields: object): Record<string, string> {
  return Object.fromEntries(Object.entries(fields).filter(([, value]) => typeof value === 'string'))
}
