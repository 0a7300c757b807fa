import { mkdir, readFile, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { beforeAll, expect, test } from 'vitest'
import { latestDueMs } from '../../../config/due.ts'
import { parseWhen } from '../../../config/when.ts'
import { listSets } from '../../../functions/archive/catalogue.ts'
import { parseSetName } from '../../../functions/archive/set-name.ts'
import { slotRun } from '../../../functions/archive/slot.ts'
import { openStore } from '../../../functions/platform/object-store/open-store.ts'
import type { Outcome } from '../../../functions/platform/outcome.ts'
import { useCommandLine } from '../../support/command-line.ts'
import { directoryStore, runDefinition } from '../../support/run-definition.ts'
import { useSandbox } from '../../support/sandbox.ts'
import { SqlSession } from '../../support/sql-session.ts'

const sandbox = useSandbox()
const cli = useCommandLine(() => ({
  BALLAST_PG_BIN: sandbox.pgBin,
  ONE: sandbox.backupUrl('run_one'),
  TWO: sandbox.backupUrl('run_two'),
}))
const hourly =
  "schedule: [{ slot: 'hourly', when: 'every 1 hour' }, { slot: 'daily', when: 'daily at 03:00', databases: ['run_one'] }]"
const databases = [
  "{ name: 'run_one', owner: 'app', connection: { url: env('ONE') } }",
  "{ name: 'run_two', owner: 'app', connection: { url: env('TWO') } }",
]
const due = '2026-11-25T06:00Z'

/** Writes a definition whose sets go to a directory of that name, and returns its file. */
async function definition(name: string, more: { backup?: string; more?: string; stores?: string[] } = {}): Promise<string> {
  const stores = more.stores ?? [directoryStore('disk', join(cli.directory(), name))]
  await writeFile(join(cli.directory(), `${name}.ts`), runDefinition({ databases, stores, backup: hourly, ...more }))
  return `${name}.ts`
}

async function setsIn(name: string): Promise<string[]> {
  const store = openStore({ type: 'file', directory: join(cli.directory(), name) })
  const sets = await listSets(store, {})
  store.close()
  return sets.map(({ state, address }) => `${state} ${address.database} ${parseSetName(address.set)?.run}`)
}

function partsOf(outcome: Outcome): Outcome[] {
  return (outcome.details as { outcomes: Outcome[] }).outcomes
}

beforeAll(async () => {
  for (const name of ['run_one', 'run_two']) {
    await sandbox.createDatabase(name)
    await sandbox.psql(
      sandbox.primary.url(name),
      'CREATE TABLE t AS SELECT generate_series(1, 10) AS id; CREATE INDEX ON t (id)',
    )
  }
})

test('a backup of a slot: once for each database, however often it is started', async () => {
  const config = await definition('once')
  const first = await cli.outcome(['run', 'backup', '--slot', 'hourly', '--due', due, '--config', config])
  expect(first.outcome).toMatchObject({
    operation: 'backup',
    subject: 'shop',
    ok: true,
    numbers: { databases: 2, failedDatabases: 0 },
  })
  expect(first.code).toBe(0)
  const expected = ['complete run_one hourly-20261125t0600z', 'complete run_two hourly-20261125t0600z']
  expect(await setsIn('once')).toEqual(expected)

  const again = await cli.outcome(['run', 'backup', '--slot', 'hourly', '--due', due, '--config', config])
  expect(again).toMatchObject({ code: 0, outcome: { ok: true } })
  expect(partsOf(again.outcome).map(({ numbers }) => numbers.alreadyDone)).toEqual([true, true])
  expect(partsOf(again.outcome).map(({ numbers }) => numbers.set)).toEqual(
    partsOf(first.outcome).map(({ numbers }) => numbers.set),
  )
  expect(await setsIn('once')).toEqual(expected)

  const lease = JSON.parse(await readFile(join(cli.directory(), 'once/shop/.ballast/leases/backup-run_one.json'), 'utf8'))
  expect(lease).toMatchObject({ state: 'released', slot: 'hourly', dueMs: Date.parse('2026-11-25T06:00:00Z') })
})

test('without --due it is the latest instant of the slot, and only the databases of the slot', async () => {
  const config = await definition('latest')
  const before = latestDue()
  const { outcome } = await cli.outcome(['run', 'backup', '--slot', 'daily', '--config', config])
  const possible = [before, latestDue()].map((dueMs) => slotRun({ slot: 'daily', dueMs }))
  expect(outcome).toMatchObject({ subject: 'shop/run_one', ok: true })
  expect(possible).toContain(parseSetName(String(outcome.numbers.set))?.run)
  expect(await setsIn('latest')).toHaveLength(1)
})

function latestDue(): number {
  const when = parseWhen('daily at 03:00')
  if (!('value' in when)) throw new Error(when.rule)
  return latestDueMs(when.value, 'UTC', Date.now())
}

test('verify proves the newest set of every database, and once for one instant', async () => {
  const config = await definition('verified', { backup: `${hourly}, verify: { into: env('INTO') }` })
  const env = { INTO: sandbox.primary.adminUrl() }
  const missing = await cli.outcome(['run', 'verify', '--config', config], env)
  expect(missing.code).toBe(3)
  expect(missing.outcome.failure).toMatchObject({
    kind: 'permanent',
    message: expect.stringContaining('no backup of shop/run_one'),
  })

  await cli.outcome(['run', 'backup', '--slot', 'hourly', '--due', due, '--config', config])
  const proven = await cli.outcome(['run', 'verify', '--config', config], env)
  expect(proven).toMatchObject({ code: 0, outcome: { ok: true, numbers: { databases: 2 } } })
  expect(partsOf(proven.outcome).map(({ numbers }) => [numbers.rows, numbers.findings, numbers.indexes])).toEqual([
    [10, 0, 1],
    [10, 0, 1],
  ])
  const again = await cli.outcome(['run', 'verify', '--config', config], env)
  expect(partsOf(again.outcome).map(({ numbers }) => numbers.alreadyDone)).toEqual([true, true])

  const fresh = await cli.run(['run', 'freshness', '--config', config])
  expect(fresh.code).toBe(0)
  expect(fresh.stdout).toContain('All is well')
})

test('verify walks no index where the definition does not want it, by schedule and by hand, and says so', async () => {
  const config = await definition('unwalked', { backup: `${hourly}, verify: { into: env('INTO'), amcheck: false }` })
  const env = { INTO: sandbox.primary.adminUrl() }
  await cli.outcome(['run', 'backup', '--slot', 'daily', '--due', due, '--config', config])
  const notes = expect.arrayContaining([expect.stringContaining('indexes were not walked with pg_amcheck')])
  const unwalked = { subject: 'shop/run_one', ok: true, numbers: { rows: 10, indexes: 0 }, details: { notes } }
  const scheduled = await cli.outcome(['run', 'verify', '--config', config], env)
  expect(partsOf(scheduled.outcome)[0]).toMatchObject(unwalked)
  const byHand = await cli.outcome(['verify', '--database', 'run_one', '--to', env.INTO, '--config', config])
  expect(byHand.outcome).toMatchObject(unwalked)
})

test('freshness that is not well ends as a check does', async () => {
  const config = await definition('stale')
  await mkdir(join(cli.directory(), 'stale'))
  const { code, outcome } = await cli.outcome(['run', 'freshness', '--config', config])
  expect(code).toBe(1)
  expect(outcome).toMatchObject({ operation: 'freshness', ok: false, failure: { kind: 'unwell' } })
})

test('retention prunes and sweeps every store, one that fails does not stop the others', async () => {
  const locked = join(cli.directory(), 'locked')
  const stores = [directoryStore('disk', join(cli.directory(), 'pruned')), directoryStore('other', `${locked}/file`)]
  const config = await definition('retention', { stores })
  await writeFile(locked, 'not a directory')
  const { code, outcome } = await cli.outcome(['run', 'retention', '--config', config])
  expect(partsOf(outcome).map(({ subject, ok }) => [subject, ok])).toEqual([
    [`file://${join(cli.directory(), 'pruned')}`, true],
    ['other', false],
  ])
  expect(outcome).toMatchObject({ ok: false, numbers: { stores: 2, failedStores: 1 } })
  expect(code).toBe(3)
})

test.each<[string, string[], string, string]>([
  ['an operation that does not exist', ['run', 'everything'], 'everything', 'There are: backup, verify'],
  ['a slot that does not exist', ['run', 'backup', '--slot', 'weekly'], 'backup.schedule', 'hourly, daily'],
  ['no slot where there are several', ['run', 'backup'], '--slot', 'hourly, daily'],
  ['a slot of what has none', ['run', 'verify', '--slot', 'daily'], '--slot', 'Leave --slot out'],
  ['an instant that is none', ['run', 'backup', '--slot', 'daily', '--due', 'noon'], '--due', '2026-11-25T06:00Z'],
  ['an instant to come', ['run', 'backup', '--slot', 'daily', '--due', '2999-01-01T00:00Z'], '--due', 'latest instant'],
])('%s is refused before anything is touched', async (_, args, on, hint) => {
  const config = await definition('refused')
  const { code, outcome } = await cli.outcome([...args, '--config', config])
  expect(code).toBe(2)
  expect(outcome).toMatchObject({ ok: false, failure: { kind: 'config' }, details: { failedOn: on } })
  expect(outcome.failure?.hint).toContain(hint)
  expect(await setsIn('refused')).toEqual([])
})

test('without a definition there is no schedule', async () => {
  const { code, outcome } = await cli.outcome(['run', 'backup'])
  expect(code).toBe(2)
  expect(outcome.failure?.hint).toContain('--config FILE')
})

test('a secret that is missing: said with its place and the fix, and nothing is left', async () => {
  const config = await definition('secretless')
  const { code, outcome } = await cli.outcome(['run', 'backup', '--slot', 'daily', '--config', config], { ONE: '' })
  expect(code).toBe(2)
  expect(outcome.failure).toMatchObject({ kind: 'config', hint: expect.stringContaining('Set ONE') })
  expect(outcome.failure?.message).toBe('databases[0].connection: the secret "env ONE" is empty')
  expect(await setsIn('secretless')).toEqual([])
})

test('a store that cannot be written to: said with its place, and nothing is left', async () => {
  const directory = join(cli.directory(), 'unwritable')
  const config = await definition('unwritable')
  await writeFile(directory, 'a file is in the way')
  const said = await cli.outcome(['run', 'backup', '--slot', 'daily', '--config', config])
  expect(said.code).not.toBe(0)
  expect(said.outcome.failure?.message).toMatch(/^backup\.stores\[0\]: /)
  expect(said.outcome.failure?.hint).not.toBe('')
  expect(said.outcome.details).toMatchObject({ failedOn: expect.stringContaining(directory) })
})

test('a time limit that the last backups show to be too short: refused with a code of its own', async () => {
  const config = await definition('short')
  const args = ['run', 'backup', '--slot', 'daily', '--config', config]
  await sandbox.psql(sandbox.primary.url('run_one'), 'ANALYZE')
  expect((await cli.outcome([...args, '--due', due])).code).toBe(0)
  // As if the table had grown a hundred million times since.
  await sandbox.psql(sandbox.primary.adminUrl('run_one'), "UPDATE pg_class SET reltuples = 1e9 WHERE relname = 't'")
  const { code, outcome } = await cli.outcome([...args, '--time-limit', '1 hour'])
  await sandbox.psql(sandbox.primary.url('run_one'), 'ANALYZE')
  expect(outcome.failure).toMatchObject({ kind: 'permanent', code: 'TooLong', hint: expect.stringContaining('systemd timer') })
  expect(code).toBe(3)
  expect(await setsIn('short')).toHaveLength(1)
})

test('a time limit that is up: stopped in time to release everything, and said', async () => {
  const config = await definition('stopped')
  const other = await SqlSession.open(sandbox.primary.url('run_one'))
  await other.run('BEGIN; LOCK TABLE t IN ACCESS EXCLUSIVE MODE')
  const args = ['run', 'backup', '--slot', 'daily', '--config', config]
  const { code, outcome } = await cli.outcome([...args, '--time-limit', '4 s'])
  await other.close()
  expect(outcome.failure).toMatchObject({
    kind: 'permanent',
    code: 'OutOfTime',
    hint: expect.stringContaining('systemd timer'),
  })
  expect(code).toBe(3)
  expect(await setsIn('stopped')).toEqual([])
  const lease = await readFile(join(cli.directory(), 'stopped/shop/.ballast/leases/backup-run_one.json'), 'utf8')
  expect(JSON.parse(lease)).toMatchObject({ state: 'released' })
  expect((await cli.outcome(args)).outcome).toMatchObject({ ok: true })
})

test('a person reads one line for each database, and errors on stderr', async () => {
  const config = await definition('read')
  const good = await cli.run(['run', 'backup', '--slot', 'hourly', '--due', due, '--config', config])
  expect(good.stdout).toMatch(/^ok {2}backup shop\/run_one {2}set 2\S+-hourly-20261125t0600z, tables 1, rows 10, /m)
  const bad = await cli.run(['run', 'backup', '--slot', 'daily', '--config', config], {
    ONE: 'postgresql://x@127.0.0.1:1/run_one',
  })
  expect(bad.stdout).toMatch(/^FAIL {2}backup shop\/run_one/m)
  expect(bad.stderr).toContain('ballast run failed:')
  expect(bad.stderr).toContain('  next  ')
})
