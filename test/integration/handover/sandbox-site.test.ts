import { expect, test } from 'vitest'
import { alterSystem } from '../../../handover/drills/alter-system.ts'
import { furthestReplica, restoreRoles } from '../../../handover/drills/roles.ts'
import { siteProblems, untilWell } from '../../../handover/sites/site-problems.ts'
import { useDrillSite } from '../../support/drill-site.ts'

const site = useDrillSite()
const signal = new AbortController().signal
const rows = async (node: string): Promise<string> => await site().sql(node, 'SELECT count(*) FROM kept')
const well = async (): Promise<string[]> => await untilWell(site(), 30_000, signal)

test('its nodes have the names and roles of the definition, and its databases their owners', async () => {
  expect(site().nodes).toEqual([
    { name: 'db-1', role: 'primary' },
    { name: 'db-2', role: 'replica' },
    { name: 'db-3', role: 'replica' },
  ])
  expect(await siteProblems(site(), signal)).toEqual([])
  const owner = "SELECT pg_get_userbyid(datdba) FROM pg_database WHERE datname = 'shop'"
  await expect.poll(() => site().sql('db-3', owner)).toBe('shop_owner')
  const slots = 'SELECT slot_name FROM pg_replication_slots WHERE active ORDER BY 1'
  expect(await site().sql('db-1', slots)).toBe('ballast_db_2\nballast_db_3')
})

test('a killed primary is gone at once, comes back as the primary, and has what was committed', async () => {
  await site().sql('db-1', 'CREATE TABLE kept (id int); INSERT INTO kept VALUES (1)')
  await site().cutPower('db-1')
  await site().cutPower('db-1')
  expect(await siteProblems(site(), signal)).toContainEqual(expect.stringMatching(/^db-1 does not answer: /))
  await restoreRoles(site(), signal)
  expect(await well()).toEqual([])
  expect(await rows('db-1')).toBe('1')
})

test('a replica takes over, the old primary follows it without what it alone had, and all roles come back', async () => {
  await site().cutReplica('db-2', signal)
  await site().cutReplica('db-3', signal)
  await site().sql('db-1', 'INSERT INTO kept VALUES (2), (3)')
  await site().cutPower('db-1')
  await site().promote('db-2', signal)
  await site().sql('db-2', 'INSERT INTO kept VALUES (4)')
  await site().rejoin('db-1', 'db-2', signal)
  await expect.poll(() => rows('db-1'), { timeout: 30_000 }).toBe('2')
  expect((await siteProblems(site(), signal)).sort()).toEqual([
    'db-1 is a standby, and is to be the primary',
    'db-2 is a primary, and is to be a replica',
    expect.stringContaining('db-3 does not stream'),
  ])
  await restoreRoles(site(), signal)
  expect(await well()).toEqual([])
  expect(await rows('db-1')).toBe('2')
  await expect.poll(() => rows('db-3'), { timeout: 30_000 }).toBe('2')
})

test('roles come back also when the old primary was started beside the new one', async () => {
  await site().cutPower('db-1')
  await site().promote('db-3', signal)
  await site().start('db-1', signal)
  await restoreRoles(site(), signal)
  expect(await well()).toEqual([])
})

test('the replica that received most is the one to promote', async () => {
  await site().cutReplica('db-2', signal)
  await site().sql('db-1', 'INSERT INTO kept SELECT generate_series(1, 1000)')
  const lsn = await site().sql('db-1', 'SELECT pg_current_wal_lsn()')
  await expect.poll(() => site().sql('db-3', `SELECT pg_last_wal_replay_lsn() >= '${lsn}'`), { timeout: 30_000 }).toBe('t')
  expect(await furthestReplica(site(), signal)).toBe('db-3')
  await site().reconnectReplica('db-2', signal)
  expect(await well()).toEqual([])
})

test('settings of a drill are put back to what ALTER SYSTEM had there, or taken away', async () => {
  const restores: ((end: AbortSignal) => Promise<void>)[] = []
  const own = async (): Promise<string> =>
    await site().sql(
      'db-1',
      "SELECT name, setting FROM pg_file_settings WHERE sourcefile LIKE '%auto.conf' AND name LIKE 'log_%' ORDER BY seqno",
    )
  await site().sql('db-1', "ALTER SYSTEM SET log_min_duration_statement = '7s'")
  const scene = { site: site(), signal, restoreBy: (work: (end: AbortSignal) => Promise<void>) => void restores.push(work) }
  await alterSystem(scene, 'db-1', { log_min_duration_statement: '9s', log_lock_waits: 'on' })
  expect(await own()).toBe('log_min_duration_statement|9s\nlog_lock_waits|on')
  for (const restore of restores) await restore(signal)
  expect(await own()).toBe('log_min_duration_statement|7s')
})

test("the application is led to the new primary by the pooler, as the drills' connection goes", async () => {
  const before = await site().reach('db-1', 'pooler')
  const direct = await site().reach('db-1', 'direct')
  expect(before.port).not.toBe(direct.port)
  expect(await site().reach('db-2', 'pooler')).toEqual(before)
})

test('its store is away and back, with what was in it', async () => {
  const { store, cluster, env } = site()
  const healthy = async (): Promise<boolean> =>
    await fetch(`${site().sandbox.s3.endpoint}/health`).then(
      (answer) => answer.ok,
      () => false,
    )
  expect(cluster.backup.stores[0]?.name).toBe('main')
  expect(env.BALLAST_SANDBOX_ACCESS_KEY).toBe(site().sandbox.s3.accessKey)
  await store.cut(signal)
  await store.cut(signal)
  expect(await healthy()).toBe(false)
  await store.reconnect(signal)
  expect(await healthy()).toBe(true)
})
