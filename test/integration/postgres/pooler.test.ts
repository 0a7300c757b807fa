import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { resolveConnection } from '../../../functions/platform/postgres/connection.ts'
import { assertDirect } from '../../../functions/platform/postgres/pooler.ts'
import { openSession } from '../../../functions/platform/postgres/session.ts'
import { run } from '../../../functions/platform/process/run.ts'
import { ApplicationLoad } from '../../support/application-load.ts'
import { failureOf } from '../../support/failures.ts'
import { type OwnPgbouncer, startOwnPgbouncer } from '../../support/own-pgbouncer.ts'
import { type OwnPostgres, startOwnPostgres } from '../../support/own-postgres.ts'
import { askPsql } from '../../support/stock-psql.ts'

const CLIENTS = 12
const SERVER_CONNECTIONS = 6

let server: OwnPostgres
let pgbouncer: OwnPgbouncer

beforeAll(async () => {
  server = await startOwnPostgres()
  // An unqualified name, as applications write them, depends on the search_path of whatever connection it lands on.
  const setup =
    'CREATE TABLE app AS SELECT g AS id FROM generate_series(1, 100) g; CREATE ROLE plain LOGIN; GRANT ALL ON app TO plain'
  const made = await askPsql(server.psql, server.url(), setup, {})
  if (!made.ok) throw new Error(made.error)
  pgbouncer = await startOwnPgbouncer({
    poolSize: SERVER_CONNECTIONS,
    databases: {
      transaction: `host=127.0.0.1 port=${server.port} dbname=postgres pool_mode=transaction`,
      session: `host=127.0.0.1 port=${server.port} dbname=postgres pool_mode=session`,
      socket: `host=${server.socketDirectory} port=${server.port} dbname=postgres pool_mode=transaction`,
    },
    users: ['postgres', 'plain'],
  })
}, 120_000)

afterAll(async () => {
  await pgbouncer?.stop()
  await server?.stop()
})

async function refusal(database: string, user = 'postgres') {
  const session = await openSession(resolveConnection(pgbouncer.url(database, user), { HOME: '/nowhere' }))
  try {
    return await failureOf(assertDirect(session))
  } finally {
    await session.close()
  }
}

describe('a pooler is refused before it can do harm', () => {
  test.each(['transaction', 'session'])('in %s mode, with the address to use instead', async (mode) => {
    expect(await refusal(mode)).toMatchObject({
      kind: 'config',
      code: 'POOLER',
      message: expect.stringContaining(`127.0.0.1:${pgbouncer.port} is a connection pooler`),
      hint: expect.stringContaining(`postgresql://postgres@127.0.0.1:${server.port}/postgres`),
    })
  })

  test('over a socket: its directory where the role may read it, and no address where it may not', async () => {
    expect((await refusal('socket')).hint).toContain(`?host=${server.socketDirectory}&port=${server.port}`)
    const { hint } = await refusal('socket', 'plain')
    expect(hint).toContain('Connect to the server itself:')
    expect(hint).not.toContain('postgresql://')
  })

  test('options that it does not take are told apart from a broken server', async () => {
    const settings = resolveConnection(pgbouncer.url('transaction', 'postgres'), { HOME: '/nowhere', PGOPTIONS: '-c geqo=off' })
    expect(await failureOf(openSession(settings))).toMatchObject({ kind: 'config', hint: expect.stringContaining('pooler') })
  })
})

describe(`${CLIENTS} application clients on ${SERVER_CONNECTIONS} server connections`, () => {
  test('see no error while the pooler is detected again and again', async () => {
    const load = await ApplicationLoad.start(pgbouncer.url('transaction', 'plain'), CLIENTS)
    try {
      for (let round = 0; round < 20; round += 1) expect((await refusal('transaction', 'plain')).code).toBe('POOLER')
      await load.everyClientGetsOn()
    } finally {
      await load.stop()
    }
    expect(load.errors).toEqual([])
  })

  test('the same load does see what pg_dump through the pooler breaks', async () => {
    const load = await ApplicationLoad.start(pgbouncer.url('transaction', 'plain'), CLIENTS)
    try {
      for (let round = 0; round < 20 && load.errors.length === 0; round += 1) {
        // As the application's own user, so that both share one pool.
        const args = ['--schema-only', '-d', pgbouncer.url('transaction', 'plain')]
        await run({ command: server.psql.replace(/psql$/, 'pg_dump'), args, env: { HOME: '/nowhere' }, timeoutMs: 60_000 })
        await load.everyClientGetsOn()
      }
    } finally {
      await load.stop()
    }
    expect(load.errors[0]).toContain('relation "app" does not exist')
  })
})
