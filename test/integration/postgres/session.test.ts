import { createServer, type Server, type Socket } from 'node:net'
import { setTimeout as sleep } from 'node:timers/promises'
import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest'
import { resolveConnection } from '../../../functions/platform/postgres/connection.ts'
import { assertDirect } from '../../../functions/platform/postgres/pooler.ts'
import { openSession, type Session } from '../../../functions/platform/postgres/session.ts'
import { failureOf } from '../../support/failures.ts'
import { type OwnPostgres, startOwnPostgres } from '../../support/own-postgres.ts'

const HBA = [
  'local all all trust',
  'host all ana 127.0.0.1/32 scram-sha-256',
  'host all kerberos 127.0.0.1/32 gss',
  'host all all 127.0.0.1/32 trust',
]

let server: OwnPostgres
const open: Session[] = []

beforeAll(async () => {
  server = await startOwnPostgres({ krb_server_keyfile: '/nowhere' }, HBA)
  const admin = await session()
  await admin.query(`CREATE ROLE ana LOGIN PASSWORD 'right'; CREATE ROLE kerberos LOGIN`)
}, 120_000)
afterEach(async () => {
  for (const one of open.splice(0)) await one.close()
})
afterAll(() => server?.stop())

async function session(signal?: AbortSignal): Promise<Session> {
  const made = await openSession(resolveConnection(server.url(), {}), signal ? { signal } : {})
  open.push(made)
  return made
}

const over = (user: string, rest = '', port = server.port) =>
  resolveConnection(`host=127.0.0.1 port=${port} user=${user} dbname=postgres ${rest}`, { HOME: '/nowhere' })

async function backendOf(one: Session): Promise<number> {
  const [row] = await one.query<{ pid: number }>('SELECT pg_backend_pid() AS pid')
  return row?.pid ?? 0
}

/** Whether a backend ends soon; asked over and over, because the server ends it in its own time. */
async function ends(admin: Session, pid: number): Promise<boolean> {
  for (let tries = 0; tries < 3_000; tries += 1) {
    if ((await admin.query('SELECT 1 FROM pg_stat_activity WHERE pid = $1', [pid])).length === 0) return true
    await sleep(10)
  }
  return false
}

describe('a session', () => {
  test('says where it is, and gives values that lose nothing', async () => {
    const one = await session()
    expect(one.address).toEqual({ host: server.socketDirectory, port: server.port })
    expect(one.versionNum).toBeGreaterThanOrEqual(140_000)
    const [row] = await one.query(`SELECT true AS b, 7::int2 AS s, -7::int4 AS i, 4294967295::oid AS o, 9007199254740993 AS l,
      1.10::numeric AS n, '{"a":[1]}'::jsonb AS j, NULL AS nothing, '{a,b}'::text[] AS a, '2026-01-02'::date AS d, 'NaN'::float8 AS f`)
    expect(row).toEqual({
      ...{ b: true, s: 7, i: -7, o: 4_294_967_295, l: '9007199254740993', n: '1.10', j: { a: [1] } },
      ...{ nothing: null, a: '{a,b}', d: '2026-01-02', f: 'NaN' },
    })
  })

  test('takes values, several statements, and statements without rows', async () => {
    const one = await session()
    expect(await one.query('SELECT $1::text AS t, $2::int AS i', ["o'neil", 3])).toEqual([{ t: "o'neil", i: 3 }])
    expect(await one.query('SELECT 1 AS a; SELECT 2 AS b')).toEqual([{ b: 2 }])
    expect(await one.query('SET geqo = off')).toEqual([])
  })

  test('names itself, and is named by the settings', async () => {
    const name = async (settings: ReturnType<typeof over>, applicationName?: string) => {
      const one = await openSession(settings, applicationName ? { applicationName } : {})
      open.push(one)
      return await one.query(
        `SELECT current_setting('application_name') AS name, current_setting('client_encoding') AS encoding`,
      )
    }
    const encoding = 'UTF8'
    expect(await name(over('postgres'))).toEqual([{ name: 'ballast', encoding }])
    expect(await name(over('postgres'), 'ballast backup')).toEqual([{ name: 'ballast backup', encoding }])
    expect(await name(over('postgres', 'application_name=nightly'), 'ballast backup')).toEqual([{ name: 'nightly', encoding }])
  })

  test("does not read this process' own PG* variables again", async () => {
    const before = { ...process.env }
    Object.assign(process.env, {
      PGOPTIONS: '-c geqo=off',
      PGAPPNAME: 'leaked',
      PGSSLNEGOTIATION: 'direct',
      PGPASSWORD: 'wrong',
    })
    try {
      const one = await openSession(over('ana', 'password=right'))
      open.push(one)
      expect(await one.query(`SELECT current_setting('geqo') AS geqo, current_setting('application_name') AS name`)).toEqual([
        { geqo: 'on', name: 'ballast' },
      ])
      expect(await failureOf(openSession(over('ana')))).toMatchObject({ code: 'NO_PASSWORD' })
    } finally {
      process.env = before
    }
  })

  test('pins its settings to the address that answered', async () => {
    const one = await openSession(over('postgres', '', server.port))
    open.push(one)
    const several = await openSession({ ...one.settings, hosts: [{ host: '127.0.0.1', port: 1 }, ...one.settings.hosts] })
    open.push(several)
    expect(several.settings).toEqual(one.settings)
    const named = await openSession({ ...one.settings, hosts: [{ host: 'localhost', port: server.port }] })
    open.push(named)
    expect(named.settings.hosts).toEqual([{ host: 'localhost', port: server.port, hostaddr: '127.0.0.1' }])
  })

  test('is direct', async () => {
    await assertDirect(await session())
  })

  test('closes twice, and refuses to be used afterwards', async () => {
    const one = await session()
    await one.close()
    await one.close()
    expect(await failureOf(one.query('SELECT 1'))).toMatchObject({ kind: 'transient' })
  })
})

describe('a lost connection', () => {
  test('ended by an administrator while a query runs', async () => {
    const [one, admin] = [await session(), await session()]
    const pid = await backendOf(one)
    const failed = failureOf(one.query('SELECT pg_sleep(600)'))
    await admin.query('SELECT pg_terminate_backend($1)', [pid])
    expect(await failed).toMatchObject({ kind: 'transient', code: '57P01' })
    expect(await failureOf(one.query('SELECT 1'))).toMatchObject({ kind: 'transient', code: '57P01' })
  })

  test('ended by an administrator while nothing runs: the next query says why', async () => {
    const [one, admin] = [await session(), await session()]
    const pid = await backendOf(one)
    await admin.query('SELECT pg_terminate_backend($1)', [pid])
    expect(await ends(admin, pid)).toBe(true)
    expect(await failureOf(one.query('SELECT 1'))).toMatchObject({ kind: 'transient', code: '57P01' })
  })

  test('cut without a word', async () => {
    const one = await session()
    const failed = failureOf(one.query('SELECT pg_sleep(600)'))
    const stream = (one.client as unknown as { connection: { stream: Socket } }).connection.stream
    stream.destroy()
    expect(await failed).toMatchObject({ kind: 'transient' })
  })

  test('an abort cancels the statement at the server, and tells the reason', async () => {
    const admin = await session()
    const controller = new AbortController()
    const one = await session(controller.signal)
    const pid = await backendOf(one)
    const failed = failureOf(one.query('SELECT pg_sleep(600)'))
    for (let tries = 0; tries < 3_000; tries += 1) {
      const [row] = await admin.query<{ state: string }>('SELECT state FROM pg_stat_activity WHERE pid = $1', [pid])
      if (row?.state === 'active') break
      await sleep(10)
    }
    controller.abort()
    expect(await failed).toMatchObject({ kind: 'transient', code: 'Aborted' })
    await one.close()
    expect(await ends(admin, pid)).toBe(true)
  })

  test('an abort before the connection', async () => {
    const failure = await failureOf(openSession(over('postgres'), { signal: AbortSignal.abort() }))
    expect(failure).toMatchObject({ code: 'Aborted', subject: `postgres@127.0.0.1:${server.port}/postgres` })
  })
})

describe('a log-in that cannot be', () => {
  test.each([
    ['a wrong password', 'ana', 'password=wrong', { kind: 'config', code: '28P01' }],
    ['no password', 'ana', '', { kind: 'config', code: 'NO_PASSWORD' }],
    ['no such role', 'nobody', '', { kind: 'config', code: '28000' }],
    ['no such database', 'postgres', 'dbname=nothing', { kind: 'config', code: '3D000' }],
    ['no such host', 'postgres', 'host=nowhere.invalid', { kind: 'config', code: 'ENOTFOUND' }],
    ['nobody listens', 'postgres', 'port=1', { kind: 'transient', code: 'ECONNREFUSED' }],
    ['no such socket', 'postgres', 'host=/nowhere', { kind: 'transient', code: 'ENOENT' }],
    ['a bad option', 'postgres', "options='-c nonsense=1'", { kind: 'permanent', code: '42704' }],
    [
      'a way of authentication that pg cannot',
      'kerberos',
      '',
      { kind: 'config', message: expect.stringContaining('authentication') },
    ],
  ])('%s', async (_name, user, rest, expected) => {
    expect(await failureOf(openSession(over(user, rest)))).toMatchObject(expected)
  })
})

describe('something else listens there', () => {
  let other: Server | undefined
  afterEach(() => other?.close())

  async function listen(answer: (socket: Socket) => void): Promise<number> {
    other = createServer((socket) => {
      socket.on('error', () => {})
      answer(socket)
    })
    await new Promise<void>((resolve) => other?.listen(0, '127.0.0.1', resolve))
    const address = other.address()
    return typeof address === 'object' && address !== null ? address.port : 0
  }

  test('a server of another kind', async () => {
    const port = await listen((socket) => socket.end('HTTP/1.1 400 Bad Request\r\n\r\n'))
    expect(await failureOf(openSession(over('postgres', 'sslmode=require', port)))).toMatchObject({
      kind: 'config',
      code: 'PROTOCOL',
    })
    expect(await failureOf(openSession(over('postgres', 'sslmode=disable', port)))).toMatchObject({ kind: expect.any(String) })
  })

  test('one that hangs up at once', async () => {
    const port = await listen((socket) => socket.once('data', () => socket.destroy()))
    expect(await failureOf(openSession(over('postgres', '', port)))).toMatchObject({ kind: 'transient' })
    expect(await failureOf(openSession(over('postgres', 'sslmode=disable', port)))).toMatchObject({ kind: 'transient' })
  })

  test('one that never answers: the next host is tried after connect_timeout', async () => {
    const silent = await listen(() => {})
    const settings = over('postgres', 'connect_timeout=1', silent)
    expect(await failureOf(openSession(settings))).toMatchObject({ kind: 'transient', code: 'ETIMEDOUT' })
    const one = await openSession({ ...settings, hosts: [...settings.hosts, { host: '127.0.0.1', port: server.port }] })
    open.push(one)
    expect(one.address.port).toBe(server.port)
  })

  test('one that puts clear text behind its consent to TLS', async () => {
    const port = await listen((socket) => socket.once('data', () => socket.write('Sinjected')))
    expect(await failureOf(openSession(over('postgres', 'sslmode=require', port)))).toMatchObject({ code: 'PROTOCOL' })
  })
})
