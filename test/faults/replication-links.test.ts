import { setTimeout as sleep } from 'node:timers/promises'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { type Sandbox, startSandbox } from '../../sandbox/sandbox.ts'
import { followPort, stopServer } from '../support/standby-link.ts'
import { startTcpProxy } from '../support/tcp-proxy.ts'
import { alarmsOf, expectSoon, expectWellAgain, WatchedCluster } from '../support/watched-cluster.ts'

let sandbox: Sandbox
let cluster: WatchedCluster

beforeAll(async () => {
  const settings = {
    wal_receiver_status_interval: '1s',
    max_wal_size: '64MB',
    min_wal_size: '32MB',
  }
  sandbox = await startSandbox({ s3: false, pgbouncer: false, standby: 3, settings })
  cluster = new WatchedCluster(sandbox)
  await sandbox.psql(sandbox.primary.adminUrl(), 'CREATE TABLE written (text text)')
}, 120_000)

afterAll(() => sandbox?.stop())

const admin = (sql: string) => sandbox.psql(sandbox.primary.adminUrl(), sql)
const write = (rows: number) => admin(`INSERT INTO written SELECT repeat('x', 1000) FROM generate_series(1, ${rows})`)
const onStandby = (sql: string, index = 0) => sandbox.psql(sandbox.standbys[index]?.adminUrl() ?? '', sql)

/** Passes the first standby's stream through a proxy while something is tried. */
async function throughProxy(work: (proxy: Awaited<ReturnType<typeof startTcpProxy>>) => Promise<void>): Promise<void> {
  const proxy = await startTcpProxy({ host: '127.0.0.1', port: sandbox.primary.port })
  try {
    await followPort(sandbox, sandbox.standby, proxy.port)
    await expect.poll(() => proxy.open, { timeout: 30_000 }).toBe(1)
    await expectWellAgain(cluster)
    await work(proxy)
  } finally {
    await followPort(sandbox, sandbox.standby, sandbox.primary.port)
    await proxy.stop()
  }
  await expectWellAgain(cluster)
}

test('an idle cluster is well for as long as it is idle, and right after a burst', async () => {
  await expectWellAgain(cluster)
  await sleep(5_000)
  expect(await cluster.alarms()).toEqual([])
  await write(3_000)
  expect(await cluster.alarms()).toEqual([])
})

test('a link that is cut', async () => {
  await throughProxy(async (proxy) => {
    await proxy.stop()
    const { finding } = await expectSoon(cluster, 'standby', 'standby')
    expect(finding).toContain('is cut off')
    await write(100)
    const { checks } = await cluster.poll()
    // What the zero rule takes for health: nothing received, so nothing to replay.
    expect(checks).toContainEqual(expect.objectContaining({ subject: 'standby', name: 'lag', status: 'warn' }))
    expect(checks).toContainEqual(expect.objectContaining({ subject: 'standby', name: 'slot', status: 'warn' }))
    cluster.expected = { ...cluster.expected, limits: { ...cluster.expected.limits, maxSlotInactiveSeconds: 0.1 } }
    await expectSoon(cluster, 'standby', 'slot')
    cluster.expected = { ...cluster.expected, limits: { ...cluster.expected.limits, maxSlotInactiveSeconds: 120 } }
  })
})

test('a link that is open and passes nothing, while the primary writes', async () => {
  await throughProxy(async (proxy) => {
    proxy.pause()
    await write(100)
    const { finding } = await expectSoon(cluster, 'standby', 'lag')
    expect(finding).toMatch(/behind for at least [\d.]+ s; at most 1 s/)
    proxy.resume()
  })
})

test('a link that is open and passes nothing, while nobody writes', async () => {
  await throughProxy(async (proxy) => {
    proxy.pause()
    await sleep(3_500)
    const { finding } = await expectSoon(cluster, 'standby', 'standby')
    expect(finding).toContain('has not heard from it for')
    proxy.resume()
  })
})

test('replay that is paused where nothing may pause it, by itself and by what it is behind', async () => {
  await onStandby('SELECT pg_wal_replay_pause()')
  await expectSoon(cluster, 'standby', 'replay')
  await write(15_000)
  const { finding } = await expectSoon(cluster, 'standby', 'lag')
  expect(finding).toMatch(/^1\d(\.\d)? MB behind .*; at most 10\.0 MB$/)
  await onStandby('SELECT pg_wal_replay_resume()')
  await expectWellAgain(cluster)
})

test('replay that is paused where backups may pause it excuses lag for a time', async () => {
  const usual = cluster.expected
  const nodes = usual.nodes.map((node) => ({ ...node, mayPause: node.name === 'standby' }))
  cluster.expected = { ...usual, nodes }
  await onStandby('SELECT pg_wal_replay_pause()')
  await write(15_000)
  const judged = await cluster.poll()
  expect(alarmsOf(judged)).toEqual([])
  expect(alarmsOf(judged, 'warn')).toEqual(['standby: replay'])
  cluster.expected = { ...usual, nodes, limits: { ...usual.limits, maxReplayPauseSeconds: 0.1 } }
  await expectSoon(cluster, 'standby', 'replay')
  await expectSoon(cluster, 'standby', 'lag')
  cluster.expected = usual
  await onStandby('SELECT pg_wal_replay_resume()')
  await expectWellAgain(cluster)
})

test('replay that a query on the standby holds up', async () => {
  await onStandby('ALTER SYSTEM SET max_standby_streaming_delay = -1; SELECT pg_reload_conf();')
  const held = onStandby('BEGIN; SELECT count(*) FROM written; SELECT pg_sleep(600)').catch(() => undefined)
  const reader = "FROM pg_stat_activity WHERE wait_event = 'PgSleep'"
  await expect.poll(() => onStandby(`SELECT count(*) ${reader}`), { timeout: 30_000 }).toBe('1')
  await admin('TRUNCATE written')
  const { finding } = await expectSoon(cluster, 'standby', 'lag')
  expect(finding).toContain('for at least')
  await onStandby(`SELECT pg_terminate_backend(pid) ${reader}`)
  await held
  await expectWellAgain(cluster)
})

test('no synchronous standby while one is demanded', async () => {
  await admin("ALTER SYSTEM SET synchronous_standby_names = 'nobody'; SELECT pg_reload_conf();")
  const { finding } = await expectSoon(cluster, 'primary', 'synchronous')
  expect(finding).toBe('commits hang: they wait for 1, and 0 can confirm')
  await admin('ALTER SYSTEM SET synchronous_standby_names = \'ANY 2 ("standby-2", "standby-3")\'; SELECT pg_reload_conf();')
  await expectWellAgain(cluster)
  await admin('ALTER SYSTEM RESET synchronous_standby_names; SELECT pg_reload_conf();')
  await expectWellAgain(cluster)
})

test('commits that should wait for a standby and do not', async () => {
  const usual = cluster.expected
  cluster.expected = { ...usual, synchronousStandbys: 1 }
  await expectSoon(cluster, 'primary', 'synchronous')
  cluster.expected = usual
})

test('a standby that hangs', async () => {
  const pid = sandbox.standbys[1]?.pid ?? 0
  process.kill(pid, 'SIGSTOP')
  try {
    const { finding } = await expectSoon(cluster, 'standby-2', 'server')
    expect(finding).toContain('did not complete the connection within 5 s')
  } finally {
    process.kill(pid, 'SIGCONT')
  }
  await expectWellAgain(cluster)
})

test('a standby that is stopped; then its slot goes over its cap and is lost', async () => {
  const last = sandbox.standbys[2]
  if (last === undefined) throw new Error('the sandbox has no third standby')
  await stopServer(last)
  const { finding } = await expectSoon(cluster, 'standby-3', 'standby')
  expect(finding).toBe('is not connected to primary, and does not answer')
  expect(await cluster.alarms()).toEqual(expect.arrayContaining(['standby-3: server', 'standby-3: standby']))

  cluster.expected = { ...cluster.expected, limits: { ...cluster.expected.limits, maxSlotWalBytes: 1_000_000 } }
  await write(5_000)
  expect((await expectSoon(cluster, 'standby_3', 'slot')).finding).toMatch(/holds \d.*; at most 1\.0 MB/)

  await admin("ALTER SYSTEM SET max_slot_wal_keep_size = '48MB'; SELECT pg_reload_conf()")
  for (let round = 0; round < 4; round += 1) {
    await write(20_000)
    await admin('SELECT pg_switch_wal(); CHECKPOINT')
  }
  const lost = await expectSoon(cluster, 'standby_3', 'slot')
  expect(lost.finding).toContain('lost')
  expect(lost.fix).toContain('pg_basebackup')
  // NULL is what a lost slot says of everything else; nothing may take that for little.
  expect(await admin("SELECT restart_lsn IS NULL FROM pg_replication_slots WHERE slot_name = 'standby_3'")).toBe('t')
})
