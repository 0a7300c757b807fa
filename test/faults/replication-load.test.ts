import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { resolveConnection } from '../../functions/platform/postgres/connection.ts'
import { start } from '../../functions/platform/process/start.ts'
import { pollPools } from '../../functions/replication/poll-pools.ts'
import { roles } from '../../sandbox/data.ts'
import { sessionEnvironment } from '../../sandbox/psql.ts'
import { type Sandbox, startSandbox } from '../../sandbox/sandbox.ts'
import { freshDirectory } from '../support/fresh-directory.ts'
import { type OwnPgbouncer, startOwnPgbouncer } from '../support/own-pgbouncer.ts'
import { SqlSession } from '../support/sql-session.ts'
import { expectSoon, expectWellAgain, WatchedCluster } from '../support/watched-cluster.ts'

const maxConnections = 25
let sandbox: Sandbox
let cluster: WatchedCluster
const directory = freshDirectory()

beforeAll(async () => {
  const settings = {
    max_connections: String(maxConnections),
    max_prepared_transactions: '5',
    archive_mode: 'on',
    archive_command: 'true',
    archive_timeout: '1',
  }
  sandbox = await startSandbox({ s3: false, pgbouncer: false, settings })
  cluster = new WatchedCluster(sandbox)
  await sandbox.psql(sandbox.primary.url(), 'CREATE TABLE written (text text)')
}, 120_000)

afterAll(() => sandbox?.stop())

/** Opens sessions, and closes them whatever happens. */
async function withSessions(
  count: number,
  url: string,
  work: (sessions: readonly SqlSession[]) => Promise<void>,
): Promise<void> {
  const sessions = await Promise.all(Array.from({ length: count }, () => SqlSession.open(url)))
  try {
    await work(sessions)
  } finally {
    await Promise.all(sessions.map((session) => session.close()))
  }
}

function limits(changed: Partial<WatchedCluster['expected']['limits']>): WatchedCluster['expected'] {
  return { ...cluster.expected, limits: { ...cluster.expected.limits, ...changed } }
}

test('connections near their maximum, and none left for the monitor itself', async () => {
  await expectWellAgain(cluster)
  await withSessions(maxConnections - 4, sandbox.primary.url(), async () => {
    const { finding } = await expectSoon(cluster, 'primary', 'connections')
    expect(finding).toBe(`${maxConnections - 3} of ${maxConnections} in use; at most 85 %`)
    await withSessions(1, sandbox.primary.url(), async () => {
      expect((await expectSoon(cluster, 'primary', 'server')).finding).toMatch(/slots are reserved|too many clients/)
    })
  })
  await expectWellAgain(cluster)
})

test('an old transaction: idle, prepared, or on the standby; a backup has a limit of its own', async () => {
  const usual = cluster.expected
  cluster.expected = limits({ maxTransactionAgeSeconds: 1 })
  await withSessions(1, sandbox.primary.url(), async ([session]) => {
    await session?.run('BEGIN; SELECT 1')
    await sleep(1_100)
    expect((await expectSoon(cluster, 'primary', 'transactions')).finding).toMatch(
      /^app \(pid \d+, idle in transaction\) for \d/,
    )
  })
  await withSessions(1, sandbox.primary.url(), async ([session]) => {
    await session?.run("BEGIN; INSERT INTO written VALUES ('x'); PREPARE TRANSACTION 'forgotten'")
    await sleep(1_100)
    expect((await expectSoon(cluster, 'primary', 'transactions')).finding).toContain('(gid forgotten, prepared)')
    await session?.run("ROLLBACK PREPARED 'forgotten'")
  })
  await withSessions(1, sandbox.standby.url(), async ([session]) => {
    await session?.run('BEGIN; SELECT 1')
    await sleep(1_100)
    await expectSoon(cluster, 'standby', 'transactions')
  })
  await withSessions(1, sandbox.standbyBackupUrl(), async ([session]) => {
    await session?.run('BEGIN; SELECT 1')
    await sleep(1_100)
    expect(await cluster.alarms()).toEqual([])
    cluster.expected = limits({ maxSnapshotAgeSeconds: 1 })
    await expectSoon(cluster, 'standby', 'transactions')
  })
  cluster.expected = usual
  await expectWellAgain(cluster)
})

test('a base backup at work is no standby, and no alarm', async () => {
  const url = sandbox.primary.url('postgres', roles.replication)
  const copying = start({
    command: join(sandbox.pgBin, 'pg_basebackup'),
    args: ['-D', directory(), '--wal-method=stream', '--max-rate=256k', '--checkpoint=fast'],
    env: { PATH: '/usr/bin:/bin', ...sessionEnvironment(url) },
  })
  copying.stdout.resume()
  try {
    const seen = "SELECT count(*) FROM pg_stat_replication WHERE application_name = 'pg_basebackup'"
    await expect.poll(() => sandbox.psql(sandbox.primary.adminUrl(), seen), { timeout: 30_000 }).toBe('2')
    for (let poll = 0; poll < 10; poll += 1) {
      expect([...(await cluster.alarms()), ...(await cluster.alarms('warn'))]).toEqual([])
    }
    expect(await sandbox.psql(sandbox.primary.adminUrl(), seen)).toBe('2')
  } finally {
    copying.kill()
    await expect(copying.done).rejects.toThrow('pg_basebackup')
  }
})

test('archiving that fails, and archiving that hangs; an idle archive is never late', async () => {
  const usual = cluster.expected
  const admin = (sql: string) => sandbox.psql(sandbox.primary.adminUrl(), sql)
  const archiveWith = (command: string) => admin(`ALTER SYSTEM SET archive_command = '${command}'; SELECT pg_reload_conf();`)
  const write = () => admin("INSERT INTO written SELECT repeat('x', 1000) FROM generate_series(1, 100); SELECT pg_switch_wal()")
  await admin('CREATE TABLE IF NOT EXISTS written (text text)')
  cluster.expected = { ...limits({ maxArchiveAgeSeconds: 2 }), archiving: true }
  await write()
  await sleep(4_000)
  await expectWellAgain(cluster)
  await archiveWith('false')
  await write()
  await expect.poll(() => admin('SELECT failed_count > 0 FROM pg_stat_archiver'), { timeout: 30_000 }).toBe('t')
  expect((await expectSoon(cluster, 'primary', 'archiving')).finding).toMatch(/^fails at 0000/)
  await archiveWith('true')
  await expectWellAgain(cluster)
  await archiveWith('sleep 60')
  await write()
  // What is remembered are positions some seconds apart, as the polls of a schedule are.
  const archiving = async () => (await cluster.poll()).checks.find(({ name }) => name === 'archiving')
  const late = { status: 'fail', finding: expect.stringMatching(/of WAL wait for at least \d/) }
  await expect.poll(archiving, { timeout: 30_000, interval: 1_000 }).toMatchObject(late)
  cluster.expected = usual
})

test('clients that wait in the pool, and a pooler that is gone', async () => {
  const pooler: OwnPgbouncer = await startOwnPgbouncer({
    poolSize: 1,
    databases: {
      app: `host=127.0.0.1 port=${sandbox.primary.port} dbname=app user=app password=${sandbox.data.passwords[roles.app]} pool_mode=transaction`,
    },
    users: [roles.app, roles.monitor],
    statsUsers: [roles.monitor],
  })
  const settings = resolveConnection(pooler.url('pgbouncer', roles.monitor), { HOME: '/nowhere' })
  const poll = () => pollPools([{ node: 'primary', settings }], { maxPoolWaitSeconds: 1 }, new AbortController().signal)
  const status = async (name: string) => (await poll()).find((check) => check.name === name)
  try {
    expect(await status('pool')).toMatchObject({ subject: 'primary', status: 'ok' })
    const url = pooler.url('app', roles.app)
    await withSessions(1, url, async ([holder]) => {
      await holder?.run('BEGIN; SELECT 1')
      const waiting = SqlSession.open(url)
      await expect.poll(async () => (await status('pool'))?.status, { interval: 100 }).toBe('fail')
      expect((await status('pool'))?.finding).toMatch(/^app\/app: 1 clients wait, the first for \d+(\.\d)? s; at most 1 s$/)
      await holder?.run('COMMIT')
      await (await waiting).close()
    })
    expect((await status('pool'))?.status).toBe('ok')
    const stranger = resolveConnection(pooler.url('pgbouncer', roles.app), { HOME: '/nowhere' })
    const [refused] = await pollPools(
      [{ node: 'primary', settings: stranger }],
      { maxPoolWaitSeconds: 1 },
      new AbortController().signal,
    )
    expect(refused).toMatchObject({ name: 'pooler', status: 'fail', fix: expect.stringContaining('stats_users') })
  } finally {
    await pooler.stop()
  }
  expect(await status('pooler')).toMatchObject({ status: 'fail', fix: expect.stringContaining('Nothing listens there') })
})
