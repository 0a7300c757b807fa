import { readFile, writeFile } from 'node:fs/promises'
import { beforeAll, expect, test } from 'vitest'
import { useCommandLine } from '../../support/command-line.ts'
import { useSandbox } from '../../support/sandbox.ts'

const sandbox = useSandbox()
const cli = useCommandLine(() => ({ ...sandbox.s3.env, BALLAST_PG_BIN: sandbox.pgBin }))
const database = 'cli_main_job'
const store = ['--store', `s3://${sandbox.s3.bucket}/cli-main-job`, '--provider', 'versitygw']

beforeAll(async () => {
  await sandbox.createDatabase(database)
  const sql = `CREATE TABLE orders (id int PRIMARY KEY, note text);
    INSERT INTO orders SELECT n, 'order ' || n FROM generate_series(1, 5000) n;
    CREATE TABLE items (id serial PRIMARY KEY, order_id int REFERENCES orders);
    INSERT INTO items (order_id) SELECT n FROM generate_series(1, 1000) n`
  await sandbox.psql(sandbox.primary.url(database), sql)
  await sandbox.waitForStandby()
})

test('backup, list, verify and restore, without a definition', async () => {
  const backup = await cli.run(['backup', '--url', sandbox.standbyBackupUrl(database), ...store])
  expect(backup.stderr).toBe('')
  expect(backup.code).toBe(0)
  expect(backup.stdout).toMatch(
    /^backed up default\/cli_main_job as \d{4}-\d{2}-\d{2}T\d{6}Z-\w+\n {2}from {3}PostgreSQL \S+, standby\n/,
  )
  expect(backup.stdout).toContain('6,000 rows of 2 tables')

  const before = await cli.run(['list', ...store])
  expect(before.stdout).toMatch(/6,000 {2}standby, \S+ {2}not yet\n/)
  const early = await cli.outcome(['restore', 'latest-verified', ...store, '--to', sandbox.primary.url(database)])
  expect(early).toMatchObject({ code: 3, outcome: { ok: false, failure: { code: 'NO_SUCH_SET' } } })

  const verify = await cli.outcome(['verify', ...store])
  expect(verify).toMatchObject({ code: 0, outcome: { operation: 'verify', subject: `default/${database}`, ok: true } })
  expect(verify.outcome.numbers).toMatchObject({ tables: 2, rows: 6000, findings: 0 })
  const after = await cli.outcome(['list', ...store])
  expect(after.outcome.numbers).toMatchObject({ sets: 1, verifiedSets: 1, damagedSets: 0, incompleteSets: 0 })

  await sandbox.createDatabase('cli_restored')
  await sandbox.psql(sandbox.primary.adminUrl('cli_restored'), 'DROP SCHEMA IF EXISTS pgbouncer CASCADE')
  const restore = await cli.run([
    'restore',
    'latest-verified',
    ...store,
    '--to',
    sandbox.primary.adminUrl('cli_restored'),
    '--jobs',
    '2',
  ])
  expect(restore.stderr).toBe('')
  expect(restore.code).toBe(0)
  expect(restore.stdout).toContain('6,000 rows of 2 tables')
  const counts = 'SELECT (SELECT count(*) FROM orders), (SELECT count(*) FROM items), max(note) FROM orders'
  expect(await sandbox.psql(sandbox.primary.adminUrl('cli_restored'), counts)).toBe(
    await sandbox.psql(sandbox.primary.url(database), counts),
  )

  const again = await cli.run(['restore', 'latest', ...store, '--to', sandbox.primary.adminUrl('cli_restored')])
  expect(again.code).toBe(2)
  expect(again.stdout).toBe('')
  expect(again.stderr).toContain('already holds')
})

test('DATABASE_URL names the database, --quiet says nothing, and stdout is one object with --json', async () => {
  const env = { DATABASE_URL: sandbox.backupUrl(database) }
  const files = ['--store', `file://${cli.directory()}/quiet`]
  const quiet = await cli.run(['backup', ...files, '--quiet'], env)
  expect(quiet).toEqual({ code: 0, stdout: '', stderr: '' })
  const { code, outcome } = await cli.outcome(['backup', ...files, '--cluster', 'named'], env)
  expect({ code, ok: outcome.ok, subject: outcome.subject }).toEqual({ code: 0, ok: true, subject: `named/${database}` })
  expect(outcome.numbers).toMatchObject({ tables: 2, rows: 6000 })
})

test('a pooler is refused before anything is written', async () => {
  const files = ['--store', `file://${cli.directory()}/pooled`]
  const { code, outcome } = await cli.outcome(['backup', '--url', sandbox.pgbouncer.url(database), ...files])
  expect(code).toBe(2)
  expect(outcome.failure).toMatchObject({ kind: 'config', code: 'POOLER' })
  expect((await cli.outcome(['list', ...files])).outcome.numbers).toMatchObject({ sets: 0, incompleteSets: 0 })
})

test('a set whose rows were tampered with is not well: exit code 1, and it says where', async () => {
  const files = ['--store', `file://${cli.directory()}/tampered`]
  const backup = await cli.outcome(['backup', '--url', sandbox.backupUrl(database), ...files, '--cluster', 'x'])
  const set = String(backup.outcome.numbers.set)
  const unit = `${cli.directory()}/tampered/x/${database}/${set}/data/000001.zst`
  const bytes = await readFile(unit)
  bytes[20] = (bytes[20] ?? 0) ^ 1
  await writeFile(unit, bytes)
  const verify = await cli.run(['verify', ...files])
  expect(verify.code).toBe(1)
  expect(verify.stdout).toMatch(/^DIFFERENT x\/cli_main_job /)
  expect(verify.stdout).toContain('data/000001.zst')
  expect(verify.stderr).toContain('ballast verify: not well: the set')
  const list = await cli.run(['list', ...files])
  expect(list.stdout).toContain('DIFFERENT, ')
})
