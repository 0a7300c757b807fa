import { once } from 'node:events'
import { readdir, readFile } from 'node:fs/promises'

import { afterAll, beforeAll, expect, test } from 'vitest'
import { type ReferenceApp, startReferenceApp } from '../../../handover/loadtest/reference-app.ts'
import { startRedis } from '../../support/redis.ts'
import { useSandbox } from '../../support/sandbox.ts'

const sandbox = useSandbox()
const database = 'reference_app'
const url = () => sandbox.pgbouncer.url(database)
let app: ReferenceApp

beforeAll(async () => {
  await sandbox.createDatabase(database)
  app = await startReferenceApp({ databaseUrl: url() })
})
afterAll(() => app?.stop())

const at = (name: string, from: ReferenceApp = app) =>
  from.targets.find((target) => target.name === name)?.url ?? 'no such target'

async function ask(address: string, init?: RequestInit): Promise<{ status: number; body: Record<string, unknown> }> {
  const answer = await fetch(address, init)
  return { status: answer.status, body: (await answer.json()) as Record<string, unknown> }
}

const book = (entry: unknown, from?: ReferenceApp) =>
  ask(at('entries', from), { method: 'POST', body: typeof entry === 'string' ? entry : JSON.stringify(entry) })

test('what is booked is in the database, among the last entries, and in the sums of its day', async () => {
  expect(await book({ kind: 'credit', amountCents: 1_250, description: 'a sale' })).toMatchObject({
    status: 201,
    body: { amountCents: 1_250 },
  })
  expect(await book({ kind: 'debit', amountCents: 250 })).toMatchObject({ status: 201 })
  expect(
    await sandbox.psql(sandbox.primary.url(database), 'SELECT kind, amount_cents, description FROM entry ORDER BY id'),
  ).toBe('credit|1250|a sale\ndebit|250|')
  const { body } = await ask(at('entries'))
  expect(body.entries).toMatchObject([
    { kind: 'debit', amountCents: 250 },
    { kind: 'credit', amountCents: 1_250 },
  ])
  const daily = await ask(at('consolidation'))
  expect(daily).toMatchObject({ status: 200, body: { creditCents: 1_250, debitCents: 250, balanceCents: 1_000, entries: 2 } })
  expect(await ask(`${at('consolidation')}?day=2001-02-03`)).toMatchObject({
    body: { day: '2001-02-03', entries: 0, balanceCents: 0 },
  })
})

test.each([
  ['a body that is not JSON', '{', 400, 'the body is not JSON'],
  ['a kind that there is not', { kind: 'gift', amountCents: 1 }, 400, 'kind must be credit or debit'],
  ['an amount that is none', { kind: 'credit', amountCents: 1.5 }, 400, 'amountCents must be a whole number over 0'],
  ['an endless description', { kind: 'credit', amountCents: 1, description: 'x'.repeat(201) }, 400, 'at most 200 characters'],
  ['a body that is too large', 'x'.repeat(10_001), 413, 'a body may have 10000 bytes'],
])("%s is the caller's mistake", async (_, entry, status, error) => {
  const before = await sandbox.psql(sandbox.primary.url(database), 'SELECT count(*) FROM entry')
  expect(await book(entry)).toEqual({ status, body: { error: expect.stringContaining(error) } })
  expect(await sandbox.psql(sandbox.primary.url(database), 'SELECT count(*) FROM entry')).toBe(before)
})

test('a path, a method or a day that there is not', async () => {
  expect(await ask(`${at('entries')}/7`)).toMatchObject({ status: 404 })
  expect(await ask(at('entries'), { method: 'DELETE' })).toMatchObject({ status: 405 })
  expect(await ask(`${at('consolidation')}?day=2026-13-45`)).toMatchObject({ status: 400 })
})

test('websockets hear of bookings', async () => {
  const socket = new WebSocket(at('websocket'))
  await once(socket, 'open')
  const heard = once(socket, 'message')
  await book({ kind: 'credit', amountCents: 1 })
  const [event] = (await heard) as [MessageEvent]
  expect(JSON.parse(event.data)).toEqual({ booked: expect.any(Number) })
  const closed = once(socket, 'close')
  socket.close()
  await closed
})

test('entries are booked while consolidation is down, and it comes back on the same port', async () => {
  await app.stopService('consolidation')
  await expect(fetch(at('consolidation'))).rejects.toThrow('fetch failed')
  expect(await book({ kind: 'credit', amountCents: 1 })).toMatchObject({ status: 201 })
  await app.startService('consolidation')
  expect(await ask(at('consolidation'))).toMatchObject({ status: 200 })
})

test('no password is in the environment or the arguments of its processes', async () => {
  const password = new URL(url()).password
  const own = (await readdir('/proc')).filter((name) => /^\d+$/.test(name))
  const texts = await Promise.all(
    own.map(async (pid) => {
      const files = ['cmdline', 'environ'].map((file) => readFile(`/proc/${pid}/${file}`, 'utf8').catch(() => ''))
      return (await Promise.all(files)).join('\0')
    }),
  )
  const services = texts.filter((text) => text.includes('reference-app/main.ts'))
  expect(services.length).toBeGreaterThanOrEqual(2)
  expect(services.filter((text) => text.includes(password))).toEqual([])
})

test('a database that does not answer is 503 without its inner workings, and the service lives on', async () => {
  const name = 'reference_app_gone'
  await sandbox.createDatabase(name)
  const own = await startReferenceApp({ databaseUrl: sandbox.pgbouncer.url(name) })
  try {
    await sandbox.psql(
      sandbox.primary.adminUrl(),
      `ALTER DATABASE ${name} ALLOW_CONNECTIONS false; SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = '${name}'`,
    )
    const refused = await book({ kind: 'credit', amountCents: 1 }, own)
    expect(refused).toEqual({ status: 503, body: { error: 'the service cannot answer now; ask again' } })
    await sandbox.psql(sandbox.primary.adminUrl(), `ALTER DATABASE ${name} ALLOW_CONNECTIONS true`)
    await expect.poll(async () => (await book({ kind: 'credit', amountCents: 1 }, own)).status, { timeout: 60_000 }).toBe(201)
  } finally {
    await own.stop()
  }
})

test('a lock that is held longer than a statement may take is 503, and the pool is whole afterwards', async () => {
  const holding = sandbox.psql(sandbox.primary.url(database), 'BEGIN; LOCK TABLE entry; SELECT pg_sleep(600)')
  const ended = expect(holding).rejects.toThrow('terminating connection')
  await expect.poll(() => locks(), { timeout: 30_000 }).toBe('1')
  const all = await Promise.all(Array.from({ length: 30 }, () => book({ kind: 'credit', amountCents: 1 })))
  expect(new Set(all.map(({ status }) => status))).toEqual(new Set([503]))
  await sandbox.psql(sandbox.primary.adminUrl(database), `SELECT pg_terminate_backend(pid) FROM pg_locks WHERE ${exclusively}`)
  await ended
  expect(await book({ kind: 'credit', amountCents: 1 })).toMatchObject({ status: 201 })
})

const exclusively = "relation = 'entry'::regclass AND mode = 'AccessExclusiveLock' AND granted"
const locks = () => sandbox.psql(sandbox.primary.adminUrl(database), `SELECT count(*) FROM pg_locks WHERE ${exclusively}`)

test('with Redis the sums of a day are shared there, and without it the service answers too', async () => {
  const redis = await startRedis()
  const own = await startReferenceApp({ databaseUrl: url(), redisUrl: redis.url })
  try {
    const day = '2001-02-04'
    await expect.poll(() => shared(own, redis, day), { timeout: 30_000 }).toBe(1)
    await redis.stop()
    expect(await ask(`${at('consolidation', own)}?day=2001-02-05`)).toMatchObject({ status: 200 })
  } finally {
    await own.stop()
    await redis.stop()
  }
})

async function shared(own: ReferenceApp, redis: Awaited<ReturnType<typeof startRedis>>, day: string): Promise<number> {
  await ask(`${at('consolidation', own)}?day=${day}`)
  return Number((await redis.ask(`EXISTS daily:${day}`)).slice(1))
}

test('a URL that leads nowhere fails the start with what the application says', async () => {
  const failing = startReferenceApp({ databaseUrl: 'postgresql://app:secret-word@127.0.0.1:1/app' })
  await expect(failing).rejects.toThrow(/ECONNREFUSED/)
  await expect(failing).rejects.not.toThrow(/secret-word/)
})

test('at the end nobody answers, however often it is stopped', async () => {
  const own = await startReferenceApp({ databaseUrl: url() })
  expect(await ask(at('entries', own))).toMatchObject({ status: 200 })
  await Promise.all([own.stop(), own.stop()])
  await expect(fetch(at('entries', own))).rejects.toThrow('fetch failed')
})
