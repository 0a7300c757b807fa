import { setTimeout as sleep } from 'node:timers/promises'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { applySettings, copyTextSettings } from '../../../functions/archive/copy-text.ts'
import { resolveConnection } from '../../../functions/platform/postgres/connection.ts'
import { copyIn } from '../../../functions/platform/postgres/copy/copy-in.ts'
import { type CopyOut, CopyOutReader } from '../../../functions/platform/postgres/copy/copy-out.ts'
import { openSession, type Session } from '../../../functions/platform/postgres/session.ts'
import { failureOf } from '../../support/failures.ts'
import { type OwnPostgres, startOwnPostgres } from '../../support/own-postgres.ts'
import { startTcpProxy, type TcpProxy } from '../../support/tcp-proxy.ts'

let server: OwnPostgres
let proxy: TcpProxy

beforeAll(async () => {
  server = await startOwnPostgres({}, ['local all all trust', 'host all all 127.0.0.1/32 trust'])
  proxy = await startTcpProxy({ host: '127.0.0.1', port: server.port })
  await withSession(server.port, (session) => session.query('CREATE TABLE public.taken (line text)'))
}, 120_000)
afterAll(async () => {
  await proxy?.stop()
  await server?.stop()
})

async function withSession<T>(port: number, work: (session: Session) => Promise<T>): Promise<T> {
  const settings = resolveConnection(`host=127.0.0.1 port=${port} user=postgres dbname=postgres sslmode=disable`, {})
  const session = await openSession(settings)
  try {
    await session.query(applySettings(copyTextSettings('UTF8')))
    return await work(session)
  } finally {
    await session.close()
  }
}

const rowsOf = (name: string, count: number): CopyOut => ({
  sql: `COPY (SELECT n, repeat('x', n % 300) FROM generate_series(1, ${count}) n) TO STDOUT`,
  subject: name,
})

/** Text and ends in the order they came. */
async function collect(session: Session, copies: readonly CopyOut[], slow = false) {
  const texts: string[] = ['']
  const results = await new CopyOutReader(session).copy(copies, {
    write: async (bytes) => {
      texts[texts.length - 1] += Buffer.from(bytes).toString()
      if (slow) await sleep(5)
    },
    end: async () => {
      texts.push('')
    },
  })
  return { texts: texts.slice(0, -1), results }
}

describe('several COPYs in one query', () => {
  test.each([false, true])('give what each gives alone, empty ones and large ones among them (slow sink: %s)', async (slow) => {
    const copies = [rowsOf('a', 3), rowsOf('none', 0), rowsOf('large', 40_000), rowsOf('b', 1), rowsOf('none again', 0)]
    await withSession(server.port, async (session) => {
      const together = await collect(session, copies, slow)
      expect(together.results.map(({ rows }) => rows)).toEqual([3, 0, 40_000, 1, 0])
      for (const [index, copy] of copies.entries()) {
        const alone = await collect(session, [copy])
        expect(together.results[index]).toEqual(alone.results[0])
        expect(together.texts[index] === alone.texts[0]).toBe(true)
        expect(Buffer.byteLength(together.texts[index] ?? '')).toBe(together.results[index]?.bytes)
      }
    })
  })

  test('without a sink give the same counts and digests', async () => {
    const copies = [rowsOf('a', 300), rowsOf('b', 20_000)]
    await withSession(server.port, async (session) => {
      const read = await new CopyOutReader(session).copy(copies)
      expect(read).toEqual((await collect(session, copies)).results)
    })
  })

  test('an error is of the one that failed', async () => {
    const broken = { sql: 'COPY (SELECT 1 / (n - 5) FROM generate_series(1, 9) n) TO STDOUT', subject: 'the broken one' }
    await withSession(server.port, async (session) => {
      const failure = await failureOf(collect(session, [rowsOf('first', 10), broken, rowsOf('last', 10)]))
      expect(failure).toMatchObject({ code: '22012', subject: 'the broken one' })
    })
  })
})

describe('a server that falls silent', () => {
  test('in the middle of its rows is given up', async () => {
    await withSession(proxy.port, async (session) => {
      proxy.pauseAfter(2_000_000)
      const failure = await failureOf(new CopyOutReader(session, 300).copy([rowsOf('the rows', 200_000)]))
      expect(failure).toMatchObject({ kind: 'transient', code: 'SILENT', subject: 'the rows' })
    }).finally(() => proxy.resume())
  })

  test('and takes no more rows is given up', async () => {
    const block = Buffer.from(`${'x'.repeat(999)}\n`.repeat(1000))
    async function* endless(): AsyncGenerator<Uint8Array> {
      for (let blocks = 0; blocks < 1000; blocks += 1) {
        if (blocks === 3) proxy.pause()
        yield block
      }
    }
    await withSession(proxy.port, async (session) => {
      const failure = await failureOf(copyIn(session, 'COPY public.taken FROM STDIN', 'the table', endless(), 300))
      expect(failure).toMatchObject({ kind: 'transient', code: 'SILENT', subject: 'the table' })
    }).finally(() => proxy.resume())
  })

  test('is waited for while it is our sink that is slow', async () => {
    await withSession(server.port, async (session) => {
      const [result] = await new CopyOutReader(session, 200).copy([rowsOf('the rows', 60_000)], {
        write: () => sleep(450),
        end: async () => undefined,
      })
      expect(result?.rows).toBe(60_000)
    })
  })
})
