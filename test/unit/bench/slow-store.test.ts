import { createHash, randomBytes } from 'node:crypto'
import { createServer } from 'node:http'
import { buffer } from 'node:stream/consumers'
import { afterEach, expect, test } from 'vitest'
import { requestKind } from '../../../bench/slow-store/request-kind.ts'
import { openSlowLink, type SlowLink } from '../../../bench/slow-store/slow-link.ts'

test.each([
  ['PUT /bucket/a/b HTTP/1.1\r\nHost: x', 'put'],
  ['PUT /bucket/a?partNumber=1&uploadId=x HTTP/1.1\r\n', 'part'],
  ['POST /bucket/a?uploads= HTTP/1.1\r\n', 'create'],
  ['POST /bucket/a?uploadId=x HTTP/1.1\r\n', 'complete'],
  ['GET /bucket/a?x-id=GetObject HTTP/1.1\r\n', 'get'],
  ['GET /bucket?list-type=2 HTTP/1.1\r\n', 'list'],
  ['GET /bucket/?list-type=2 HTTP/1.1\r\n', 'list'],
  ['HEAD /bucket HTTP/1.1\r\n', 'head'],
  ['DELETE /bucket/a HTTP/1.1\r\n', undefined],
  ['rows of an upload', undefined],
])('%j is %s', (head, kind) => {
  expect(requestKind(head)).toBe(kind)
})

const open: (() => Promise<void>)[] = []
afterEach(async () => {
  for (const stop of open.splice(0)) await stop()
})

/** A server that answers with what it was sent, behind a slow link, and what the link saw. */
async function openEcho(): Promise<{ link: SlowLink; heads: string[] }> {
  const server = createServer(async (request, answer) => {
    const body = await buffer(request)
    answer.end(body)
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  const heads: string[] = []
  const target = (server.address() as { port: number }).port
  const onRequest = (head: string): void => {
    heads.push(head.split('\r\n')[0] ?? '')
  }
  const link = await openSlowLink({ target, bytesPerSecond: 20e6, latencyMs: 5, onRequest })
  open.push(link.stop, async () => {
    server.closeAllConnections()
    server.close()
  })
  return { link, heads }
}

test('a slow link passes every byte, both ways, and sees each request once', async () => {
  const { link, heads } = await openEcho()
  for (const bytes of [0, 1, 1_000_000]) {
    const body = randomBytes(bytes)
    const answer = await fetch(`http://127.0.0.1:${link.port}/${bytes}`, { method: 'PUT', body })
    const back = Buffer.from(await answer.arrayBuffer())
    expect(createHash('sha256').update(back).digest('hex')).toBe(createHash('sha256').update(body).digest('hex'))
  }
  expect(heads).toEqual(['PUT /0 HTTP/1.1', 'PUT /1 HTTP/1.1', 'PUT /1000000 HTTP/1.1'])
})

test('many at once do not mix', async () => {
  const { link, heads } = await openEcho()
  const bodies = Array.from({ length: 20 }, () => randomBytes(200_000))
  const answers = await Promise.all(
    bodies.map(async (body) => {
      const answer = await fetch(`http://127.0.0.1:${link.port}/x`, { method: 'PUT', body })
      return Buffer.from(await answer.arrayBuffer())
    }),
  )
  expect(answers.map((answer, index) => answer.equals(bodies[index] ?? Buffer.alloc(0)))).toEqual(bodies.map(() => true))
  expect(heads).toHaveLength(20)
})
