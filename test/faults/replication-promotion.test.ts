import { setTimeout as sleep } from 'node:timers/promises'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { type Sandbox, startSandbox } from '../../sandbox/sandbox.ts'
import { followPort, stopServer } from '../support/standby-link.ts'
import { alarmsOf, expectSoon, expectWellAgain, WatchedCluster } from '../support/watched-cluster.ts'

let sandbox: Sandbox
let cluster: WatchedCluster

beforeAll(async () => {
  sandbox = await startSandbox({ s3: false, pgbouncer: false, standby: 2, settings: { autovacuum: 'off' } })
  cluster = new WatchedCluster(sandbox)
  await untilQuiet()
}, 180_000)

/** PostgreSQL notes its running transactions at most 15 s after something has changed (LOG_SNAPSHOT_INTERVAL_MS). */
const quietMs = 16_000

/** What the old primary writes after the new one has parted from it, the other standby would have, and could not follow any more. */
async function untilQuiet(): Promise<void> {
  const written = () => sandbox.psql(sandbox.primary.adminUrl(), 'SELECT pg_current_wal_lsn()')
  for (let before = ''; before !== (await written()); await sleep(quietMs)) before = await written()
}

afterAll(() => sandbox?.stop())

// One course of events: each test goes on where the one before ended.
test('a standby that is promoted beside its primary: two nodes take writes', async () => {
  await expectWellAgain(cluster)
  await sandbox.psql(sandbox.standby.adminUrl(), 'SELECT pg_promote()')
  const { finding } = await expectSoon(cluster, 'primary', 'primary')
  expect(finding).toBe('2 nodes take writes: primary (timeline 1) and standby (timeline 2)')
  expect((await expectSoon(cluster, 'standby', 'standby')).finding).toBe('takes writes: it is no standby')
})

test('a primary that is gone: another takes writes, and the rest is judged from there', async () => {
  await stopServer(sandbox.primary)
  const { finding } = await expectSoon(cluster, 'primary', 'primary')
  expect(finding).toBe('standby takes writes instead: primary does not answer')
  const { checks } = await cluster.poll()
  expect(alarmsOf({ checks })).toEqual(expect.arrayContaining(['primary: server', 'standby-2: standby', 'standby_2: slot']))
  const slot = checks.find(({ subject }) => subject === 'standby_2')
  expect(slot?.finding).toContain('standby has no such slot')
  expect(slot?.fix).toContain("SELECT pg_create_physical_replication_slot('standby_2', true)")
  expect(slot?.fix).toContain('nodes[2].slot')
})

test('the other standby follows the new primary, across the timelines', async () => {
  await sandbox.psql(sandbox.standby.adminUrl(), "SELECT pg_create_physical_replication_slot('standby_2', true)")
  const [, second] = sandbox.standbys
  if (second === undefined) throw new Error('the sandbox has no second standby')
  await followPort(sandbox, second, sandbox.standby.port)
  const rest = ['primary: primary', 'primary: server', 'standby: standby']
  await expect.poll(async () => (await cluster.alarms()).sort(), { timeout: 60_000, interval: 500 }).toEqual(rest)
  await sandbox.psql(sandbox.standby.adminUrl(), 'CREATE TABLE onwards AS SELECT 1')
  expect((await cluster.alarms()).sort()).toEqual(rest)
})

test('nobody takes writes', async () => {
  await stopServer(sandbox.standby)
  const { finding } = await expectSoon(cluster, 'primary', 'primary')
  expect(finding).toBe('no node takes writes: primary does not answer')
  const { finding: alone } = await expectSoon(cluster, 'standby-2', 'standby')
  expect(alone).toBe('receives WAL from nobody')
})
