import { open, rm } from 'node:fs/promises'
import { join } from 'node:path'
import { afterEach, describe, expect, it } from 'vitest'
import { resolveConnection } from '../../functions/platform/postgres/connection.ts'
import { useBackupBench } from '../support/backup-bench.ts'
import type { BackupCase, ExpectedFailure } from '../support/backup-case.ts'
import { type OwnPostgres, startOwnPostgres } from '../support/own-postgres.ts'
import { SqlSession } from '../support/sql-session.ts'

const bench = useBackupBench('server')

afterEach(() => bench.expectNoTraces())

const tables = `
CREATE TABLE big (id int, body text);
INSERT INTO big SELECT g, repeat(md5(g::text), 8) FROM generate_series(1, 20000) g;
CREATE TABLE small (id int);
INSERT INTO small SELECT generate_series(1, 100);
CHECKPOINT`

/** A server of this test's own with some tables; it is ended afterwards, however the test left it. */
async function withServer(
  settings: Readonly<Record<string, string>>,
  work: (server: OwnPostgres, one: BackupCase, sql: SqlSession) => Promise<void>,
): Promise<void> {
  const server = await startOwnPostgres({ fsync: 'off', ...settings })
  const sql = await SqlSession.open(server.url())
  try {
    await sql.run(tables)
    await work(server, await bench.begin(), sql)
  } finally {
    await sql.close()
    await server.stop()
  }
}

const connectionTo = (server: OwnPostgres) => ({ connection: resolveConnection(server.url(), {}) })

/** Acts when the first unit is on its way to the store. */
function onFirstUnit(one: BackupCase, run: () => Promise<void>): void {
  one.proxy.inject({ operation: 'PutObject', key: 'data/', fault: { type: 'meanwhile', run } })
}

describe('a backup whose server', () => {
  it.each<[string, 'fast' | 'immediate']>([
    ['is shut down', 'fast'],
    ['is shut down immediately', 'immediate'],
  ])('%s', async (_, mode) => {
    await withServer({}, async (server, one) => {
      onFirstUnit(one, () => server.stop(mode))
      await one.fails({ kind: 'transient' }, connectionTo(server))
    })
  })

  it.each([
    ["loses a worker's process to SIGKILL, and restarts", `application_name = 'ballast backup (rows)'`],
    ['loses another process to SIGKILL, and restarts', `backend_type = 'checkpointer'`],
  ])('%s', async (_, condition) => {
    await withServer({}, async (server, one, sql) => {
      onFirstUnit(one, async () => {
        process.kill(Number(await sql.value(`SELECT pid FROM pg_stat_activity WHERE ${condition} LIMIT 1`)), 'SIGKILL')
      })
      await one.fails({ kind: 'transient' }, connectionTo(server))
    })
  })

  it('has no connection left', async () => {
    await withServer(
      { max_connections: '6', superuser_reserved_connections: '0', max_wal_senders: '0' },
      async (server, one) => {
        const others = await Promise.all(Array.from({ length: 5 }, () => SqlSession.open(server.url())))
        const expected: ExpectedFailure = { kind: 'transient', code: '53300', hint: /max_connections/ }
        await one.fails(expected, connectionTo(server))
        await Promise.all(others.map((other) => other.close()))
      },
    )
  })

  it('has a connection left for the snapshot alone', async () => {
    await withServer(
      { max_connections: '6', superuser_reserved_connections: '0', max_wal_senders: '0' },
      async (server, one) => {
        const others = await Promise.all(Array.from({ length: 4 }, () => SqlSession.open(server.url())))
        await one.fails({ kind: 'transient', code: '53300' }, connectionTo(server))
        await Promise.all(others.map((other) => other.close()))
      },
    )
  })

  it('finds a page of a table damaged', async () => {
    // A few buffers only, so that the page is read from the disk again.
    await withServer({ shared_buffers: '128kB' }, async (server, one, sql) => {
      await damagePage(server, await sql.value(`SELECT pg_relation_filepath('big')`), 300)
      await sql.run('SELECT count(*) FROM pg_proc; SELECT count(*) FROM pg_attribute')
      await one.fails({ kind: 'permanent', code: 'XX001', subject: /big/, hint: /pg_amcheck/ }, connectionTo(server))
    })
  })

  it('has lost the file of a table', async () => {
    await withServer({ shared_buffers: '128kB' }, async (server, one, sql) => {
      await rm(join(server.dataDirectory, await sql.value(`SELECT pg_relation_filepath('small')`)))
      await sql.run('SELECT count(*) FROM pg_proc; SELECT count(*) FROM pg_attribute')
      await one.fails({ kind: 'permanent', code: '58P01', subject: /small/, hint: /disk/ }, connectionTo(server))
    })
  })

  it('ends sessions that idle in a transaction, whatever they ask for', async () => {
    await withServer({ idle_in_transaction_session_timeout: '200', statement_timeout: '200' }, async (server, one) => {
      onFirstUnit(one, () => new Promise((resolve) => setTimeout(resolve, 1_000)))
      const manifest = await one.backup(connectionTo(server))
      expect((await one.sets()).map(({ state, address }) => [state, address.set])).toEqual([['complete', manifest.summary.set]])
    })
  })
})

async function damagePage(server: OwnPostgres, path: string, page: number): Promise<void> {
  const file = await open(join(server.dataDirectory, path), 'r+')
  await file.write(Buffer.alloc(24, 0xff), 0, 24, page * 8192)
  await file.close()
}
