import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { roles } from '../../../sandbox/data.ts'
import type { MachineEnd } from '../../support/booted-systemd.ts'
import { passwordFile, runOperatorShell } from '../../support/runbooks/operator-shell.ts'
import { Runbook } from '../../support/runbooks/runbook.ts'
import { useSandbox } from '../../support/sandbox.ts'

const sandbox = useSandbox()
const database = 'runbook_table'
const store = `s3://${sandbox.s3.bucket}/runbook-table`
const rows = (table: string) => sandbox.psql(sandbox.primary.url(database), `SELECT * FROM ${table} ORDER BY id`)
const sql = (statement: string) => sandbox.psql(sandbox.primary.url(database), statement)
let directory = ''

const onMachine = (script: string, input = ''): Promise<MachineEnd> =>
  runOperatorShell({ directory, env: { ...sandbox.s3.env, BALLAST_PG_BIN: sandbox.pgBin } }, script, input)

function open(name: 'restore-one-table', table: string): Runbook {
  const server = `postgresql://${roles.admin}@127.0.0.1:${sandbox.primary.port}`
  const values = { STORE: store, SERVER: server, DATABASE: database, TABLE: table, SET: 'latest-verified' }
  return new Runbook(name, values, { onMachine, onNode: () => Promise.reject(new Error('it has no commands for a node')) })
}

beforeAll(async () => {
  directory = await mkdtemp(join(tmpdir(), 'ballast-operator-'))
  await writeFile(join(directory, '.pgpass'), passwordFile(sandbox.data.passwords), { mode: 0o600 })
  await sandbox.createDatabase(database)
  await sql(`CREATE TABLE customers (id int PRIMARY KEY, name text);
    CREATE TABLE orders (id int GENERATED ALWAYS AS IDENTITY PRIMARY KEY, customer int REFERENCES customers, note text);
    CREATE INDEX by_note ON orders (note);
    INSERT INTO customers SELECT i, 'customer ' || i FROM generate_series(1, 50) i;
    INSERT INTO orders (customer, note) SELECT i % 50 + 1, E'it''s \\\\ ' || i FROM generate_series(1, 5000) i`)
  const url = sandbox.backupUrl(database)
  const backed = await onMachine(`ballast backup --url '${url}' --store ${store} && ballast verify --store ${store}`)
  expect(backed).toMatchObject({ code: 0 })
})
afterAll(() => rm(directory, { recursive: true, force: true }))

test('rows that were deleted come back, and what was written since stays', async () => {
  const before = await rows('public.orders')
  await sql("DELETE FROM orders WHERE id BETWEEN 1000 AND 3000; INSERT INTO orders (customer, note) VALUES (1, 'new')")
  const runbook = open('restore-one-table', 'public.orders')
  expect(await runbook.follow('1. Choose a set')).toContain('equal')
  expect(await runbook.follow('2. Restore the table beside the database')).toMatch(/left out .*customers|left out .*fkey/)
  expect(await runbook.follow('3. Look at it')).toContain('5000')
  await runbook.follow('Rows are missing')
  expect(await rows('public.orders')).toBe(`${before}\n5001|1|new`)
  expect(await runbook.follow('It is done when')).toBe('5000\n5001\n')
  await runbook.follow('Clean up')
  runbook.leaveOut('The whole table is missing', 'followed below, where it is missing')
  expect(runbook.untouched).toEqual([])
})

test('a table that was dropped comes back with owner, identity and indexes', async () => {
  const before = await rows('public.orders')
  await sql('DELETE FROM orders WHERE id > 5000')
  const wanted = await rows('public.orders')
  expect(wanted).not.toBe(before)
  await sql('DROP TABLE orders')
  const runbook = open('restore-one-table', 'public.orders')
  await runbook.follow('2. Restore the table beside the database')
  await runbook.follow('The whole table is missing')
  expect(await rows('public.orders')).toBe(wanted)
  const facts = `SELECT tableowner, (SELECT string_agg(indexname, ',' ORDER BY indexname) FROM pg_indexes WHERE tablename = 'orders')
    FROM pg_tables WHERE tablename = 'orders'`
  expect(await sql(facts)).toBe('app|by_note,orders_pkey')
  expect(await sql("INSERT INTO orders (customer, note) VALUES (1, 'next') RETURNING id")).toBe('5001')
  await runbook.follow('Clean up')
})
