import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdir, readdir, readFile, writeFile } from 'node:fs/promises'
import { homedir } from 'node:os'
import { join } from 'node:path'
import { text } from 'node:stream/consumers'
import { afterAll, beforeAll, expect, onTestFinished, test } from 'vitest'
import { checkCluster } from '../../../config/index.ts'
import { judgedGoals } from '../../../handover/loadtest/goals.ts'
import { runLoadTest } from '../../../handover/loadtest/run-load-test.ts'
import { clusterScene } from '../../../handover/loadtest/scene.ts'
import { readRecords } from '../../../handover/records/kept-records.ts'
import { type LoadRecord, loadRecord } from '../../../handover/records/load-record.ts'
import { isMet } from '../../../handover/records/measurement.ts'
import { runOrigin } from '../../../handover/records/run-start.ts'
import { verdictOf } from '../../../handover/records/verdict.ts'
import { freePorts } from '../../../sandbox/free-port.ts'
import { useCommandLine } from '../../support/command-line.ts'
import { type LoadCluster, startLoadCluster } from '../../support/load-cluster.ts'
import { ballast, outcomeOf, startCli } from '../../support/run-cli.ts'
import { useSandbox } from '../../support/sandbox.ts'
import { processesNaming, until, untilNone } from '../../support/traces.ts'
import { changed, sample } from '../../unit/config/sample.ts'

const sandbox = useSandbox()
const XDG_CACHE_HOME = process.env.XDG_CACHE_HOME ?? join(homedir(), '.cache')
const cli = useCommandLine(() => ({ XDG_CACHE_HOME, BALLAST_PG_BIN: sandbox.pgBin, ...cluster.env }))
let cluster: LoadCluster

beforeAll(async () => {
  cluster = await startLoadCluster(sandbox)
})
afterAll(() => cluster.stop())

const place = (name: string) => join(cli.directory(), name)
const define = async (name: string, definition: unknown): Promise<string> => {
  await writeFile(place(name), JSON.stringify(definition))
  return place(name)
}
const kept = async (outcome: { details?: unknown }): Promise<LoadRecord> => {
  const { record } = outcome.details as { record: string }
  return loadRecord.parse(JSON.parse(await readFile(record, 'utf8')))
}
const measured = (record: LoadRecord, key: string) => record.measurements.find((one) => one.key === key)
test('smoke on a sandbox of its own: every question is answered well, with the cluster sampled beside; then the same beyond what it can hold', async () => {
  // How fast a machine answers that runs other tests meanwhile is not what is shown.
  const patient = changed(sample, { 'loadtests.goals': { p95: '5 s', p99: '10 s' } })
  const config = await define('sandbox.json', patient)
  const args = ['loadtest', 'smoke', '--sandbox', '--config', config, '--results', place('results')]
  const { code, outcome } = await cli.outcome(args)
  expect(outcome, JSON.stringify(outcome)).toMatchObject({ operation: 'loadtest', subject: 'shop smoke on sandbox', ok: true })
  expect(code).toBe(0)

  const record = await kept(outcome)
  expect(verdictOf(record)).toBe('passed')
  expect(record.findings).toEqual([])
  expect([...new Set(record.scenarios.map(({ name }) => name))].sort()).toEqual([
    ...['expectedLoad', 'isolation', 'neighbour', 'poolHolds', 'websockets'],
  ])
  expect(measured(record, 'answeredRate')?.value).toBeGreaterThanOrEqual(47.5)
  expect(measured(record, 'websockets')).toMatchObject({ value: 100 })
  expect(measured(record, 'neighbourAnswers')).toMatchObject({ value: 0 })
  expect(record.pgbench.map(({ through, clients, failed }) => ({ through, clients, failed }))).toEqual([
    ...record.pgbench.slice(0, -1).map(() => ({ through: 'pooler', clients: 200, failed: 0 })),
    { through: 'direct', clients: 20, failed: 0 },
  ])
  for (const field of [
    'requestsPerSecond',
    'p95Ms',
    'clientsWaiting',
    'lagBytes',
    'cpuPercent',
    'transactionsPerSecond',
  ] as const) {
    expect(record.points.filter((point) => point[field] !== undefined).length, field).toBeGreaterThan(1)
  }

  const over = await cli.outcome([...args, '--rate', '8000 /s', '--p95', '20 ms', '--without-database'])
  expect(over.code).toBe(1)
  expect(over.outcome.failure?.kind).toBe('unwell')
  const overloaded = await kept(over.outcome)
  expect(verdictOf(overloaded)).toBe('failed')
  expect(overloaded.findings.join('\n')).toMatch(
    /iterations could not start|the machine that the load comes from was the limit/,
  )
  expect(over.outcome.details).toMatchObject({
    previous: { startedAt: record.startedAt, changes: expect.arrayContaining([expect.objectContaining({ key: 'p95' })]) },
  })
})

test('the machines of a definition: a goal that cannot be met is exit code 1, and is named', async () => {
  const config = await define('cluster.json', cluster.definition)
  const said = await cli.run(['loadtest', '--config', config, '--p95', '1 ms', '--p99', '1 ms', '--results', place('results')])
  expect(said.code).toBe(1)
  expect(said.stdout).toContain('smoke on watched: FAILED')
  expect(said.stderr).toContain('missed: p95, p99')
  const [record] = (await readRecords(place('results'), 'watched')) as LoadRecord[]
  if (record === undefined) throw new Error(`nothing was kept: ${said.stderr}`)
  expect(record.on).toBe('cluster')
  expect(record.measurements.filter((one) => isMet(one) === false).map(({ key }) => key)).toEqual(['p95', 'p99'])
  expect(measured(record, 'p95')?.limit).toEqual({ is: 'at most', value: 1, from: '--p95' })
  expect(record.pgbench.map(({ through }) => through)).toContain('direct')
  expect(record.points.some(({ lagBytes }) => lagBytes !== undefined)).toBe(true)
})

test('clients of pgbench that lose their connections fail the test, though every request was answered', async () => {
  const definition = checkCluster(cluster.definition)
  const database = definition.databases[0]?.name ?? ''
  const env = { ...process.env, ...cluster.env }
  const scene = await clusterScene(definition, database, env)
  onTestFinished(() => scene.stop())
  let killed = Promise.resolve('')
  const record = await runLoadTest({
    ...{ definition, profile: 'smoke', goals: judgedGoals(definition.loadtests.goals), env, ...scene },
    origin: await runOrigin(definition, 'cluster', '/', env),
    signal: new AbortController().signal,
    onEvent: () => undefined,
    onPoint: ({ transactionsPerSecond }) => {
      if (transactionsPerSecond === undefined) return
      const sql = `SELECT count(pg_terminate_backend(pid)) FROM pg_stat_activity WHERE datname = '${database}'
        AND application_name LIKE 'pgbench%'`
      killed = sandbox.psql(sandbox.primary.adminUrl(), sql)
    },
  })
  await killed
  expect(record.state).toBe('complete')
  expect(verdictOf(record)).toBe('failed')
  expect(record.findings.join('\n')).toMatch(/pgbench \(\w+, \w+, \d+ clients\): pgbench exited with code 2/)
  expect(measured(record, 'success')).toMatchObject({ value: 100 })
})

test('Ctrl-C stops the load at once, and keeps what was measured, which proves nothing', async () => {
  const config = await define('cluster.json', cluster.definition)
  const temporary = place('interrupted-run')
  await mkdir(temporary)
  const env = { HOME: cli.directory(), TMPDIR: temporary, BALLAST_PG_BIN: sandbox.pgBin, ...cluster.env }
  const args = ['loadtest', 'soak', '--duration', '60 s', '--config', config, '--results', place('interrupted'), '--json']
  const command = startCli(args, env)
  onTestFinished(() => {
    command.child.kill('SIGKILL')
  })
  const answered = async (): Promise<number> => {
    const sql = `SELECT xact_commit FROM pg_stat_database WHERE datname = '${cluster.definition.databases[0]?.name}'`
    return Number(await sandbox.psql(sandbox.primary.adminUrl(), sql))
  }
  const before = await answered()
  await until('requests reach the database', async () => (await answered()) > before + 20)
  await command.signal('SIGINT')
  const end = await command.ended
  expect(end.code).toBe(130)
  expect(outcomeOf(end)).toMatchObject({ ok: false, details: { state: 'interrupted', verdict: 'not run' } })
  expect(await untilNone(() => processesNaming(temporary))).toEqual([])
  expect(await readdir(temporary)).toEqual([])

  const [record] = (await readRecords(place('interrupted'), 'watched')) as LoadRecord[]
  if (record === undefined) throw new Error(`nothing was kept: ${end.stderr}`)
  expect(record).toMatchObject({ state: 'interrupted', name: 'soak' })
  expect(record.reason).toContain('SIGINT')
  expect(verdictOf(record)).toBe('not run')
  expect(record.points.some(({ requestsPerSecond = 0 }) => requestsPerSecond > 0)).toBe(true)
})

const shortSoak = { averageDuration: '5 s', stressDuration: '5 s', soakDuration: '10 s' }

test.each([
  ['no service', 'smoke', { targets: {} }, 2, /names no service that load could go to/],
  [
    'too little time',
    'soak',
    { profiles: shortSoak, limits: { duration: '1 min' }, pgbench: { duration: '50 s' } },
    2,
    /with pgbench this takes/,
  ],
  [
    'more clients than the pooler takes',
    'smoke',
    { pgbench: { clients: 600 }, limits: { virtualUsers: 1000 } },
    2,
    /clients is 600/,
  ],
])('%s: refused before any load, with what to do', async (_what, profile, loadtests, code, message) => {
  const changes = Object.entries(loadtests).map(([key, value]) => [`loadtests.${key}`, value])
  const config = await define('refused.json', changed(cluster.definition, Object.fromEntries(changes)))
  await expectRefused(['loadtest', profile, '--config', config], code, message)
})

test('a service that is down is named before any load', async () => {
  const [port = 0] = await freePorts(1)
  const targets = { entries: `http://127.0.0.1:${port}/entries` }
  const config = await define('down.json', changed(cluster.definition, { 'loadtests.targets': targets }))
  await expectRefused(['loadtest', '--config', config], 3, /cannot be reached: .*ECONNREFUSED/)
})

test('a production cluster is not loaded where nobody can be asked', async () => {
  const config = await define('production.json', changed(cluster.definition, { environment: 'production' }))
  await expectRefused(['loadtest', '--config', config], 2, /is in production\. Nobody can be asked here/)
})

test('on a terminal it asks before it loads a production cluster, and takes only yes for a yes', async () => {
  const config = await define('production.json', changed(cluster.definition, { environment: 'production' }))
  const line = `${ballast} loadtest --config ${config} --results ${place('refused')}`
  const env = { PATH: process.env.PATH, HOME: cli.directory(), XDG_CACHE_HOME, ...cluster.env }
  const terminal = spawn('/usr/bin/script', ['-qec', line, '/dev/null'], { env, cwd: cli.directory() })
  terminal.stdin.write('y\n')
  const [said, [code]] = await Promise.all([text(terminal.stdout), once(terminal, 'close')])
  expect(said).toContain('is in production. Type yes to go on:')
  expect(said).toContain('this was not confirmed, and nothing was done')
  expect(code).toBe(2)
  expect(await readRecords(place('refused'), 'watched')).toEqual([])
})

async function expectRefused(args: readonly string[], code: number, message: RegExp): Promise<void> {
  const said = await cli.run([...args, '--results', place('refused')])
  expect(said.stderr).toMatch(message)
  expect(said.stderr).toContain('  next  ')
  expect(said.code).toBe(code)
  expect(await readRecords(place('refused'), 'watched')).toEqual([])
}
