import { expect, onTestFinished, test } from 'vitest'
import { readPooler } from '../../../handover/loadtest/database/pooler-facts.ts'
import { sandboxLoadSite } from '../../../handover/loadtest/load-site.ts'
import { type LoadOptions, type LoadRun, runLoad } from '../../../handover/loadtest/run-load.ts'
import { freePorts } from '../../../sandbox/free-port.ts'
import { failureOf } from '../../support/failures.ts'
import { startOwnPgbouncer } from '../../support/own-pgbouncer.ts'
import { useSandbox } from '../../support/sandbox.ts'

const sandbox = useSandbox()
const database = 'run_load'
const schemaSql = `SELECT count(*) FROM pg_namespace WHERE nspname = 'ballast_loadtest'`
const never = new AbortController().signal

await sandbox.createDatabase(database)
const site = sandboxLoadSite(sandbox, database)
const through = (load: Partial<LoadOptions['load']>, more: Partial<LoadOptions> = {}): Promise<LoadRun> =>
  runLoad({
    ...{ site, env: process.env, signal: never },
    load: { through: 'pooler', protocol: 'simple', clients: 200, seconds: 3, latencyMs: 200, work: 'mixed', ...load },
    ...more,
  })
const schemas = (): Promise<string> => sandbox.psql(sandbox.primary.url(database), schemaSql)
const largest = ({ points }: LoadRun, field: keyof LoadRun['points'][number]): number =>
  Math.max(...points.map((point) => point[field] ?? 0))

test('200 clients get through a pool of 20, with the waits, the lag and the processors beside', async () => {
  const run = await through({})
  expect(run).toMatchObject({ state: 'complete', result: { through: 'pooler', clients: 200, failed: 0 }, findings: [] })
  expect(run.result?.transactions).toBeGreaterThan(0)
  expect(largest(run, 'clientConnections')).toBeGreaterThanOrEqual(200)
  expect(largest(run, 'clientsWaiting')).toBeGreaterThan(0)
  expect(largest(run, 'serverConnections')).toBeGreaterThanOrEqual(20)
  expect(largest(run, 'serverConnections')).toBeLessThan(100)
  expect(largest(run, 'databaseConnections')).toBeGreaterThan(0)
  expect(largest(run, 'transactionsPerSecond')).toBeGreaterThan(0)
  expect(largest(run, 'generatorCpuPercent')).toBeGreaterThan(0)
  expect(run.points.some(({ lagBytes }) => lagBytes !== undefined)).toBe(true)
  expect(await schemas()).toBe('0')
})

test('direct, with prepared statements, as many clients as the pool has connections', async () => {
  const run = await through({ through: 'direct', protocol: 'prepared', clients: 20, work: 'writes', seconds: 2 })
  expect(run).toMatchObject({ state: 'complete', result: { through: 'direct', protocol: 'prepared', failed: 0 } })
  expect(run.result?.transactions).toBeGreaterThan(0)
})

test('with a rate that cannot be held, what is skipped and late is counted', async () => {
  const run = await through({ ratePerSecond: 1_000_000, latencyMs: 1, seconds: 2 })
  expect(run.state).toBe('complete')
  expect(run.result?.skipped).toBeGreaterThan(0)
})

test('clients that lose their connection are no success, though none of their transactions counts as failed', async () => {
  let killed = ''
  const run = await through(
    { seconds: 5 },
    {
      onPoint: ({ transactionsPerSecond }) => {
        if (transactionsPerSecond === undefined || killed !== '') return
        killed = 'begun'
        const sql = `SELECT count(pg_terminate_backend(pid)) FROM pg_stat_activity WHERE datname = '${database}' AND usename = 'app'
          AND application_name LIKE 'pgbench%'`
        void sandbox.psql(sandbox.primary.adminUrl(), sql).then((count) => {
          killed = count
        })
      },
    },
  )
  expect(Number(killed)).toBeGreaterThan(0)
  expect(run.state).toBe('failed')
  expect(run.reason).toContain('terminating connection due to administrator command')
  expect(run.result?.failed).toBe(0)
  expect(await schemas()).toBe('0')
})

test('more clients than the server has connections are a failed run', async () => {
  const run = await through({ through: 'direct', clients: 200, seconds: 2 })
  expect(run).toMatchObject({ state: 'failed' })
  expect(run.result).toBeUndefined()
  expect(run.reason).toContain('could not create connection')
})

test('a signal stops it at once, keeps what was done, and leaves nothing', async () => {
  const stop = new AbortController()
  const run = await through(
    { seconds: 600 },
    {
      signal: stop.signal,
      onPoint: ({ transactionsPerSecond = 0 }) => {
        if (transactionsPerSecond > 0) stop.abort()
      },
    },
  )
  expect(run.state).toBe('interrupted')
  expect(run.result?.transactions).toBeGreaterThan(0)
  expect(run.result?.seconds).toBeLessThan(600)
  expect(await schemas()).toBe('0')
})

test('two of them on one database would measure each other: the second is refused', async () => {
  const stop = new AbortController()
  const begun = Promise.withResolvers<void>()
  const first = through({ seconds: 600 }, { signal: stop.signal, onPoint: () => begun.resolve() })
  await begun.promise
  const failure = await failureOf(through({}))
  stop.abort()
  expect(failure).toMatchObject({ kind: 'transient', code: 'LOAD_RUNS' })
  expect((await first).state).toBe('interrupted')
})

test('tables of a run that was killed are replaced; those of somebody else are not touched', async () => {
  const psql = (sql: string): Promise<string> => sandbox.psql(sandbox.primary.url(database), sql)
  await psql(`CREATE SCHEMA ballast_loadtest; COMMENT ON SCHEMA ballast_loadtest IS 'Made by ballast loadtest, and dropped by it';
    CREATE TABLE ballast_loadtest.accounts (id integer)`)
  expect((await through({ clients: 1, seconds: 1 })).state).toBe('complete')
  expect(await schemas()).toBe('0')

  await psql('CREATE SCHEMA ballast_loadtest; CREATE TABLE ballast_loadtest.mine (id integer)')
  onTestFinished(async () => {
    await psql('DROP SCHEMA ballast_loadtest CASCADE')
  })
  expect(await failureOf(through({}))).toMatchObject({ kind: 'config', code: 'SCHEMA_TAKEN' })
  expect(await psql('SELECT count(*) FROM ballast_loadtest.mine')).toBe('0')
})

test('a server that cannot be reached, a pooler in the place of the server, and a role that may not, are refused first', async () => {
  const [port = 0] = await freePorts(1)
  const at = (direct: Partial<typeof site.direct>) =>
    failureOf(through({}, { site: { ...site, direct: { ...site.direct, ...direct } } }))
  expect(await at({ hosts: [{ host: '127.0.0.1', port }] })).toMatchObject({ code: 'ECONNREFUSED' })
  expect(await at({ hosts: site.pooler.hosts })).toMatchObject({ kind: 'config', code: 'POOLER' })
  const monitor = { user: site.monitor.server.user, password: site.monitor.server.password ?? '' }
  const refused = await at(monitor)
  expect(refused).toMatchObject({ kind: 'config', code: '42501' })
  expect(refused.hint).toContain('make a schema')
})

test('series that nobody can read are told', async () => {
  const [port = 0] = await freePorts(1)
  const nowhere = { ...site.monitor.console, hosts: [{ host: '127.0.0.1', port }] }
  const run = await through({ clients: 2, seconds: 2 }, { site: { ...site, monitor: { ...site.monitor, console: nowhere } } })
  expect(run.state).toBe('complete')
  expect(run.findings).toEqual([expect.stringContaining("PgBouncer's pools could not be read")])
  expect(run.points.every(({ clientsWaiting }) => clientsWaiting === undefined)).toBe(true)
})

test('what PgBouncer says of prepared statements is what becomes of them', async () => {
  const said = await readPooler(site.monitor.console, database, never)
  expect(said).toMatchObject({ poolSize: 20, maxClients: 500, version: expect.stringMatching(/^PgBouncer \d/) })
  const prepared = await through({ protocol: 'prepared', clients: 40, seconds: 2 })
  expect(prepared.state).toBe(said.keepsPrepared ? 'complete' : 'failed')
})

test('in session mode prepared statements are kept by every version', async () => {
  const { user, password = '' } = site.direct
  const server = `host=127.0.0.1 port=${sandbox.primary.port} dbname=${database} user=${user} password=${password}`
  const monitor = site.monitor.console.user
  const own = await startOwnPgbouncer({
    poolSize: 10,
    databases: { sessions: server },
    users: [user, monitor],
    statsUsers: [monitor],
  })
  onTestFinished(() => own.stop())
  const hosts = [{ host: '127.0.0.1', port: own.port }]
  const console = { ...site.monitor.console, hosts }
  expect(await readPooler(console, 'sessions', never)).toMatchObject({ keepsPrepared: true, poolSize: 10, maxClients: 100 })
  const pooler = { ...site.pooler, hosts, database: 'sessions' }
  const run = await through(
    { protocol: 'prepared', clients: 10, seconds: 2 },
    { site: { ...site, pooler, monitor: { ...site.monitor, console } } },
  )
  expect(run).toMatchObject({ state: 'complete', result: { protocol: 'prepared', failed: 0 } })
  expect(run.result?.transactions).toBeGreaterThan(0)
})
