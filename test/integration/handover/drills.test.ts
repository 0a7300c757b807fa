import { readdir } from 'node:fs/promises'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { expect, test } from 'vitest'
import { Failure } from '../../../functions/platform/failure.ts'
import { makeDrillLogin } from '../../../handover/drills/drill-login.ts'
import { failover } from '../../../handover/drills/failover.ts'
import { lagUnderLoad } from '../../../handover/drills/lag-under-load.ts'
import { poolExhaustion } from '../../../handover/drills/pool-exhaustion.ts'
import { rejoin } from '../../../handover/drills/rejoin.ts'
import { replicaCutOff } from '../../../handover/drills/replica-cut-off.ts'
import { stress } from '../../../handover/drills/stress.ts'
import { readRecords } from '../../../handover/records/kept-records.ts'
import { SandboxSite } from '../../../handover/sites/sandbox-site.ts'
import { siteProblems } from '../../../handover/sites/site-problems.ts'
import { startSandboxSite } from '../../../handover/sites/start-sandbox-site.ts'
import { measured, runDrills, useDrillSite } from '../../support/drill-site.ts'
import { drilledCluster } from '../../support/drilled-cluster.ts'
import { freshDirectory } from '../../support/fresh-directory.ts'

const site = useDrillSite()
const results = freshDirectory()
const signal = new AbortController().signal

/** The same sandbox under a definition with other promises. */
function promising(changes: Parameters<typeof drilledCluster>[0], Kind = SandboxSite): SandboxSite {
  const { sandbox, cluster, env, store } = site()
  const definition = drilledCluster(changes)
  const { handover, loadtests, replication, alerts, pgbouncer, postgres } = definition
  const promised = { ...cluster, handover, loadtests, replication, alerts, pgbouncer, postgres }
  return new Kind({ sandbox, definition, cluster: promised, env, settings: store.settings })
}

const leftOver = "SELECT count(*) FROM pg_roles WHERE rolname = 'ballast_drill'"

test.each([stress, lagUnderLoad, poolExhaustion, replicaCutOff, failover, rejoin])(
  '$name passes on a cluster that is well, leaves nothing behind, and its record can be read',
  async (drill) => {
    const [done] = await runDrills(site(), [drill], results())
    expect(done?.record).toMatchObject({ state: 'complete', restored: true, findings: [], on: 'sandbox', cluster: 'shop' })
    expect(done?.verdict).toBe('passed')
    expect(await readRecords(results(), 'shop')).toEqual([done?.record])
    expect(await siteProblems(site(), signal)).toEqual([])
    expect(await site().sql('db-1', leftOver)).toBe('0')
    expect(await readdir(join(results(), 'shop'))).toHaveLength(1)
  },
)

test('a failover that takes longer than was promised has failed', async () => {
  const [done] = await runDrills(promising({ 'handover.goals.firstWrite': '1 ms' }), [failover], results())
  expect(done).toMatchObject({ verdict: 'failed', record: { state: 'complete', restored: true } })
  expect(measured(done, 'firstWrite')?.limit).toEqual({
    is: 'at most',
    value: 0.001,
    from: 'handover.goals.firstWrite',
  })
})

/** A cluster whose replicas were no longer reached for a while when its primary was lost. */
class BehindSite extends SandboxSite {
  override async cutPower(node: string): Promise<void> {
    for (const { name } of this.nodes.slice(1)) await this.cutReplica(name, signal)
    await sleep(1_000)
    await super.cutPower(node)
  }
}

test('rows that only the lost primary had are counted and named, and fail what was promised of them', async () => {
  const [done] = await runDrills(promising({ 'handover.goals.lostRows': 0 }, BehindSite), [failover], results())
  expect(done).toMatchObject({ verdict: 'failed', record: { state: 'complete', restored: true } })
  const lost = measured(done, 'rowsLostAsynchronous')
  expect(lost?.value).toBeGreaterThan(0)
  expect(lost?.limit).toEqual({ is: 'at most', value: 0, from: 'handover.goals.lostRows' })
  expect(measured(done, 'rowsLostSynchronous')).toMatchObject({ value: 0, samples: expect.any(Number) })
  const table = done?.record.tables.find(({ key }) => key === 'lostRows')
  expect(table?.rows).toHaveLength(lost?.value ?? -1)
  expect(table?.rows.every(([writer]) => writer?.startsWith('local-'))).toBe(true)
})

test('a replica that does not replay is behind, and that fails', async () => {
  await site().sql('db-2', 'SELECT pg_wal_replay_pause()')
  const [done] = await runDrills(promising({ 'replication.maxLag': '10 kB' }), [lagUnderLoad], results())
  await site().sql('db-2', 'SELECT pg_wal_replay_resume()')
  expect(done?.verdict).toBe('failed')
  expect(measured(done, 'lagBytes')?.value).toBeGreaterThan(10_000)
})

test('clients that wait longer than the pooler lets them fail, and that is found', async () => {
  const impatient = drilledCluster({ 'pgbouncer.queryWait': '1 s', 'databases[0].pool': { size: 2, reserve: 0 } })
  const other = await startSandboxSite(impatient, process.env, signal)
  try {
    const [done] = await runDrills(other, [poolExhaustion], results())
    expect(done).toMatchObject({ verdict: 'failed', record: { state: 'complete', restored: true } })
    expect(measured(done, 'clientErrors')?.value).toBeGreaterThan(0)
    expect(done?.record.findings).toContainEqual(expect.stringContaining('query_wait_timeout'))
  } finally {
    await other.close()
  }
})

test('transactions that are ended from outside fail the stress', async () => {
  const ending = setInterval(() => {
    const sql =
      "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE usename = 'ballast_drill' AND application_name = 'pgbench'"
    void site().sql('db-1', sql)
  }, 200)
  const [done] = await runDrills(site(), [stress], results()).finally(() => clearInterval(ending))
  expect(done?.verdict).toBe('failed')
  expect(done?.record.findings.join()).toContain('The load did not run to its end')
})

/** A cluster whose replicas do not become primaries. */
class StubbornSite extends SandboxSite {
  override promote(node: string, end: AbortSignal): Promise<void> {
    if (node === 'db-1') return super.promote(node, end)
    return Promise.reject(new Failure('it refuses', { kind: 'permanent', subject: node, hint: 'Read its log.' }))
  }
}

test('a replica that cannot be promoted fails the failover, and the old primary is started again', async () => {
  const [done] = await runDrills(promising({}, StubbornSite), [failover], results())
  expect(done).toMatchObject({ verdict: 'failed', record: { state: 'complete', restored: true } })
  expect(done?.record.findings).toEqual([
    expect.stringMatching(/^db-\d could not be promoted: db-\d: it refuses\. Read its log\.$/),
  ])
  expect(measured(done, 'firstWrite')).toMatchObject({ samples: 0 })
})

/** A cluster whose old primary does not come back to the first that asks. */
class LonelySite extends SandboxSite {
  #asked = false
  override rejoin(node: string, primary: string, end: AbortSignal): Promise<void> {
    if (this.#asked) return super.rejoin(node, primary, end)
    this.#asked = true
    return Promise.reject(new Failure('it could not be rewound', { kind: 'permanent', subject: node, hint: 'Copy it anew.' }))
  }
}

test('an old primary that cannot come back fails its drill, and is brought back afterwards', async () => {
  const [done] = await runDrills(promising({}, LonelySite), [rejoin], results())
  expect(done).toMatchObject({ verdict: 'failed', record: { state: 'complete', restored: true } })
  expect(done?.record.findings).toEqual([expect.stringContaining('db-1 could not be made a replica of')])
})

/** A cluster on which nobody notices. */
class BlindSite extends SandboxSite {
  override cutReplica(): Promise<void> {
    return Promise.resolve()
  }
}

test('an alert that does not come fails', async () => {
  const [done] = await runDrills(promising({}, BlindSite), [replicaCutOff], results())
  expect(done).toMatchObject({ verdict: 'failed', record: { state: 'complete', restored: true } })
  expect(measured(done, 'pollsToAlert')).toMatchObject({ samples: 0 })
})

test('a site that is not well is left alone, and what was not tested is not passed', async () => {
  await site().cutReplica('db-3', signal)
  const done = await runDrills(site(), [failover, stress], results())
  await site().reconnectReplica('db-3', signal)
  expect(done.map(({ verdict }) => verdict)).toEqual(['not run', 'not run'])
  expect(done[0]?.record).toMatchObject({ state: 'failed', restored: true, measurements: [] })
  expect(await site().sql('db-1', 'SELECT pg_is_in_recovery()')).toBe('f')
})

test('a drill that is stopped in the middle of a failover leaves every node in its role, and says that it was stopped', async () => {
  const stop = new AbortController()
  class StoppedSite extends SandboxSite {
    override async promote(node: string, end: AbortSignal): Promise<void> {
      stop.abort()
      await super.promote(node, end)
    }
  }
  const [done, next] = await runDrills(promising({}, StoppedSite), [failover, rejoin], results(), stop.signal)
  expect(done).toMatchObject({ verdict: 'not run', record: { state: 'interrupted', restored: true } })
  expect(done?.record.events.map(({ key }) => key)).toContain('promotionOrdered')
  expect(next).toMatchObject({ verdict: 'not run', record: { state: 'skipped' } })
  expect(await siteProblems(site(), signal)).toEqual([])
  expect(await site().sql('db-1', leftOver)).toBe('0')
})

test('what a rehearsal that was killed left behind does not keep the next one from beginning', async () => {
  const login = await makeDrillLogin(site(), signal)
  await site().sql('db-1', 'SET ROLE ballast_drill; CREATE TABLE ballast_drill.left_over (id int)', {
    database: login.database,
  })
  const [done] = await runDrills(site(), [stress], results())
  expect(done?.verdict).toBe('passed')
  const schemas = "SELECT count(*) FROM pg_namespace WHERE nspname = 'ballast_drill'"
  expect(await site().sql('db-1', schemas, { database: login.database })).toBe('0')
})
