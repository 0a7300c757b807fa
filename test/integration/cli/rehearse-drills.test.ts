import { chmod, mkdir, readdir, readFile, rm, writeFile } from 'node:fs/promises'
import { homedir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { beforeEach, expect, test } from 'vitest'
import { drills } from '../../../config/drills.ts'
import { readRecords } from '../../../handover/records/kept-records.ts'
import { useCommandLine } from '../../support/command-line.ts'
import { outcomeOf, startCli } from '../../support/run-cli.ts'
import { type Changes, changed, sample } from '../../unit/config/sample.ts'

/** The S3 server was built into the cache of whoever runs the tests. */
const cache = process.env.XDG_CACHE_HOME ?? join(homedir(), '.cache')
const cli = useCommandLine(() => ({ BALLAST_SANDBOX_DIR: sandboxes(), XDG_CACHE_HOME: cache }))
const inPlace = (...parts: string[]): string => join(cli.directory(), ...parts)
const sandboxes = (): string => inPlace('sandboxes')
const records = () => readRecords(inPlace('results'), 'shop')
const filed = async (): Promise<string[]> => await readdir(inPlace('nas/shop/.ballast/drills')).catch(() => [])
const onSandbox = ['rehearse', '--sandbox', '--config', 'shop.json']

/** Every drill but the ones that the tests want, which are over soon. */
async function define(changes: Changes = {}): Promise<void> {
  const stores = [{ type: 'file', name: 'nas', directory: inPlace('nas') }]
  const definition = changed(sample, {
    'backup.stores': stores,
    'loadtests.pgbench': { clients: 20, duration: '2 s' },
    ...changes,
  })
  await writeFile(inPlace('shop.json'), JSON.stringify(definition))
}

beforeEach(async () => {
  // The servers run as a user of their own, who must get through.
  await chmod(cli.directory(), 0o755)
  for (const name of ['results', 'nas', 'sandboxes']) await rm(inPlace(name), { recursive: true, force: true })
  for (const name of ['nas', 'sandboxes']) await mkdir(inPlace(name), { mode: 0o755 })
  await define()
})

test('a drill on a sandbox asks nobody, passes, and says where its record is', async () => {
  const { code, stdout, stderr } = await cli.run([...onSandbox, '--only', 'failover'])
  expect({ code, stderr }).toMatchObject({ code: 0, stderr: expect.stringContaining('failover ...') })
  expect(stdout).toMatch(/^ {2}passed failover \(.*\n {6}From promotion to the first write: [\d.]+ s \(at most 10 s\)\n/)
  expect(stdout).toMatch(/results\/shop\/\d{8}T\d{6}Z-drill-failover\.json\n1 passed, 0 failed, 0 not run, 0 left out, in /)
  const [record, ...others] = await records()
  expect(others).toEqual([])
  expect(record).toMatchObject({ name: 'failover', state: 'complete', on: 'sandbox', restored: true })
  expect(await readdir(sandboxes())).toEqual([])
})

test('a goal that is not met fails the rehearsal, with exit code 1', async () => {
  await define({ 'handover.goals.firstWrite': '1 ms' })
  const { code, outcome } = await cli.outcome([...onSandbox, '--only', 'failover'])
  expect({ code, outcome }).toMatchObject({
    code: 1,
    outcome: {
      ...{ operation: 'rehearse', subject: 'shop', ok: false },
      failure: { kind: 'unwell', message: 'not passed: failover (failed) of 1 drills' },
      numbers: { on: 'sandbox', passed: 0, failed: 1, notRun: 0, leftOut: 0 },
    },
  })
})

test('a drill that cannot be done did not pass', async () => {
  await define({
    'nodes[2]': undefined,
    'firewall.replica': ['10.0.0.11/32'],
    'backup.source': 'primary',
    nodes: [sample.nodes[1]],
  })
  const { code, outcome } = await cli.outcome([...onSandbox, '--only', 'failover'])
  expect({ code, outcome }).toMatchObject({ code: 1, outcome: { numbers: { passed: 0, failed: 0, notRun: 1 } } })
  expect(await records()).toMatchObject([
    { state: 'skipped', reason: expect.stringContaining('The definition has no replica. Add one') },
  ])
})

const allBut = (...kept: string[]): string[] => drills.filter((name) => !kept.includes(name))

test('a whole rehearsal is filed as a drill, and what the definition leaves out is said', async () => {
  await define({ 'handover.drills': { schedule: 'quarterly on 1 at 04:00', skip: allBut('pool-exhaustion') } })
  const { code, stdout } = await cli.run([...onSandbox, '--file', '--results', 'elsewhere'])
  expect(code).toBe(0)
  const [name = '', report = '', ...others] = (await filed()).sort().reverse()
  expect(others).toEqual([])
  expect(name).toBe(`${report}.json`)
  expect((await readdir(inPlace('nas/shop/.ballast/drills', report))).sort()).toEqual([
    ...['report.en.html', 'report.json', 'report.junit.xml', 'report.pt-BR.html'],
  ])
  expect(await readFile(inPlace('nas/shop/.ballast/drills', report, 'report.en.html'), 'utf8')).toContain(
    'Exhausted connection pool',
  )
  expect(stdout).toContain(`filed as a drill: file://${inPlace('nas')}/shop/.ballast/drills/${name}\n`)
  expect(JSON.parse(await readFile(inPlace('nas/shop/.ballast/drills', name), 'utf8'))).toMatchObject({
    ...{ rehearsal: 'drill', result: 'passed', by: expect.stringMatching(/^ballast \S+ on /) },
    note: expect.stringMatching(/^on a sandbox: 1 passed, 0 failed, 0 not run, \d+ left out by the definition$/),
  })
  const kept = await readRecords(inPlace('elsewhere'), 'shop')
  expect(kept.filter(({ state }) => state === 'skipped').every(({ reason }) => reason?.includes('handover.drills.skip'))).toBe(
    true,
  )
  const status = await cli.run(['check', 'freshness', '--config', 'shop.json'])
  expect(status.stdout).toMatch(/^drill\n {2}ok {2}date {2}.*the last one passed on /m)
})

test('a rehearsal that failed is filed as one that did', async () => {
  await define({
    'handover.drills.skip': allBut('pool-exhaustion'),
    'pgbouncer.queryWait': '1 s',
    'databases[0].pool': { size: 2, reserve: 0 },
  })
  const { code } = await cli.run([...onSandbox, '--file'])
  expect(code).toBe(1)
  const name = (await filed()).find((one) => one.endsWith('.json')) ?? ''
  expect(JSON.parse(await readFile(inPlace('nas/shop/.ballast/drills', name), 'utf8'))).toMatchObject({
    ...{ result: 'failed', note: expect.stringContaining('pool-exhaustion: failed') },
  })
})

test('where the definition leaves every drill out, nothing has passed', async () => {
  await define({ 'handover.drills.skip': allBut() })
  const { code, outcome } = await cli.outcome([...onSandbox, '--file'])
  expect({ code, outcome }).toMatchObject({ code: 1, outcome: { ok: false, numbers: { passed: 0 } } })
})

test.each<[string, string[], Changes, string]>([
  ['the machines of a production cluster', ['--yes'], {}, '--yes-break-it'],
  ['machines, when nobody can be asked', [], { environment: 'staging' }, 'nobody can be asked whether shop may be broken'],
  [
    'a drill that the definition leaves out',
    ['--sandbox', '--only', 'stress'],
    { 'handover.drills.skip': ['stress'] },
    'handover.drills.skip',
  ],
  ['a drill that there is not', ['--sandbox', '--only', 'earthquake'], {}, 'It is one of stress'],
  ['some drills as a whole one', ['--sandbox', '--only', 'stress', '--file'], {}, 'are no drill that was done'],
  ['a record with a sandbox', ['--sandbox', '--record', 'drill', '--by', 'Ana', '--note', 'n'], {}, 'cannot be used with'],
  ['a note without a record', ['--sandbox', '--note', 'n'], {}, '--record'],
])('%s: refused before anything is begun', async (_, args, changes, said) => {
  await define(changes)
  const { code, stderr } = await cli.run(['rehearse', '--config', 'shop.json', ...args])
  expect({ code, stderr }).toMatchObject({ code: 2, stderr: expect.stringContaining(said) })
  expect(await records()).toEqual([])
  expect(await filed()).toEqual([])
})

/** Starts a rehearsal of two drills, and resolves when the first of them has a record, which is when it begins. */
async function begun() {
  const args = ['rehearse', '--sandbox', '--only', 'failover', '--only', 'rejoin', '--json']
  const place = ['--config', inPlace('shop.json'), '--results', inPlace('results')]
  const run = startCli([...args, ...place], { BALLAST_SANDBOX_DIR: sandboxes() })
  await expect.poll(async () => (await records()).length, { timeout: 60_000 }).toBe(1)
  return run
}

const sandboxesGone = () => expect.poll(() => readdir(sandboxes()), { timeout: 30_000 }).toEqual([])

test.each<[NodeJS.Signals, number]>([
  ['SIGINT', 130],
  ['SIGTERM', 143],
])(
  'one that is told to stop by %s puts back what it broke, keeps what it has, and does not begin the next drill',
  async (signal, code) => {
    const run = await begun()
    await sleep(500)
    await run.signal(signal)
    const end = await run.ended
    expect(end).toMatchObject({ code, signal: null })
    expect(outcomeOf(end)).toMatchObject({ ok: false, failure: { kind: 'transient', code: 'Aborted' }, numbers: { passed: 0 } })
    expect(await records()).toMatchObject([
      { name: 'failover', state: 'interrupted', restored: true, reason: expect.stringContaining(`stopped by ${signal}`) },
      { name: 'rejoin', state: 'skipped' },
    ])
    await sandboxesGone()
  },
)

test('told twice it ends at once, and the record says that nothing is known of how the site was left', async () => {
  const run = await begun()
  await run.signal('SIGINT')
  await run.signal('SIGTERM')
  expect(await run.ended).toMatchObject({ code: 143, stdout: '' })
  expect(await records()).toMatchObject([{ name: 'failover', state: 'interrupted', restored: false }])
  await sandboxesGone()
})

test('one that is killed leaves a record that says so, and no servers', async () => {
  const run = await begun()
  run.child.kill('SIGKILL')
  await run.ended
  expect(await records()).toMatchObject([{ name: 'failover', state: 'interrupted', restored: false }])
  await sandboxesGone()
})
