import { readFileSync } from 'node:fs'
import { mkdtemp, rm } from 'node:fs/promises'
import type { IncomingHttpHeaders } from 'node:http'
import { createServer } from 'node:https'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { Authority } from './certificates.ts'

/** An HTTPS server that takes every request for well done, and remembers what came. */
export interface HttpsRecorder {
  readonly endpoint: string
  /** The certificate of its own authority, which nobody trusts yet. */
  readonly root: string
  readonly requests: { method: string; headers: IncomingHttpHeaders }[]
  stop(): Promise<void>
}

export async function startHttpsRecorder(): Promise<HttpsRecorder> {
  const { key, cert, root } = await certificates()
  const requests: HttpsRecorder['requests'] = []
  const server = createServer({ key, cert }, (incoming, answer) => {
    requests.push({ method: incoming.method ?? '', headers: incoming.headers })
    incoming.resume().on('end', () => answer.writeHead(200, { etag: '"recorded"' }).end())
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  const address = server.address()
  if (address === null || typeof address === 'string') throw new Error('The server has no port')
  return {
    ...{ endpoint: `https://127.0.0.1:${address.port}`, root, requests },
    stop: () => {
      server.closeAllConnections()
      return new Promise((resolve) => server.close(() => resolve()))
    },
  }
}

async function certificates(): Promise<{ key: string; cert: string; root: string }> {
  const directory = await mkdtemp(join(tmpdir(), 'ballast-tls-'))
  try {
    const authority = new Authority(directory, 'recorder')
    const { key, cert } = await authority.issue('server', { commonName: '127.0.0.1', alternativeNames: 'IP:127.0.0.1' })
    return { key: readFileSync(key, 'utf8'), cert: readFileSync(cert, 'utf8'), root: readFileSync(authority.root, 'utf8') }
  } finally {
    await rm(directory, { recursive: true, force: true })
  }
}
