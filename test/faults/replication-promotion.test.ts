import { afterAll, beforeAll, expect, test } from 'vitest'
import type { SandboxServer } from '../../sandbox/connections.ts'
import { type Sandbox, startSandbox } from '../../sandbox/sandbox.ts'
import { followPort, stopServer } from '../support/standby-link.ts'
import { alarmsOf, expectSoon, expectWellAgain, WatchedCluster } from '../support/watched-cluster.ts'

let sandbox: Sandbox
let cluster: WatchedCluster

beforeAll(async () => {
  sandbox = await startSandbox({ s3: false, pgbouncer: false, standby: 2 })
  cluster = new WatchedCluster(sandbox)
}, 180_000)

/**
 * What the old primary writes after the new one has parted from it, the other standby must not have: it could not follow any more.
 * So it is cut off first, and the one that is to be promoted has all that it had.
 */
async function cutOff(other: SandboxServer): Promise<void> {
  await followPort(sandbox, other, nobodysPort)
  const receives = () => sandbox.psql(other.adminUrl(), 'SELECT count(*) FROM pg_stat_wal_receiver')
  await expect.poll(receives, within).toBe('0')
  const has = await sandbox.psql(other.adminUrl(), 'SELECT pg_last_wal_receive_lsn()')
  const behind = () => sandbox.psql(sandbox.standby.adminUrl(), `SELECT pg_last_wal_receive_lsn() < '${has}'`)
  await expect.poll(behind, within).toBe('f')
}

/** Nobody listens there: it is the discard service's. */
const nobodysPort = 9
const within = { timeout: 60_000, interval: 500 }

function otherStandby(): SandboxServer {
  const [, other] = sandbox.standbys
  if (other === undefined) throw new Error('the sandbox has no second standby')
  return other
}

afterAll(() => sandbox?.stop())

// One course of events: each test goes on where the one before ended.
test('a standby that is promoted beside its primary: two nodes take writes', async () => {
  await expectWellAgain(cluster)
  await cutOff(otherStandby())
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
  await followPort(sandbox, otherStandby(), sandbox.standby.port)
  const rest = ['primary: primary', 'primary: server', 'standby: standby']
  await expect.poll(async () => (await cluster.alarms()).sort(), within).toEqual(rest)
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
