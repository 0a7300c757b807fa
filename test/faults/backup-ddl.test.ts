import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import type { Manifest } from '../../functions/archive/manifest.ts'
import { useBackupBench } from '../support/backup-bench.ts'
import type { BackupCase, ExpectedFailure } from '../support/backup-case.ts'
import { fingerprint } from '../support/fault-database.ts'
import { onceHeld } from '../support/held-backup.ts'
import { SqlSession } from '../support/sql-session.ts'
import { until } from '../support/traces.ts'

const bench = useBackupBench('ddl')
let one: BackupCase
let somebody: SqlSession

beforeEach(async () => {
  one = await bench.begin()
  one.database = await bench.freshDatabase()
  somebody = await SqlSession.open(bench.sandbox.primary.adminUrl(one.database))
})
afterEach(async () => {
  await somebody.close()
  await bench.expectNoTraces()
})

/** Runs the script in a transaction that is committed when the backup waits for its locks. */
async function whileItWaits<T>(script: string, work: Promise<T>): Promise<T> {
  const acting = async (): Promise<void> => {
    await until('the backup waits for a lock', async () => (await waiting()) > 0)
    if (script !== '') await somebody.run(script)
    await somebody.run('COMMIT')
  }
  const [result] = await Promise.all([work, acting()])
  return result
}

async function waiting(condition = `application_name = 'ballast backup (snapshot)'`): Promise<number> {
  const query = `SELECT count(*) FROM pg_stat_activity
    WHERE datname = '${one.database}' AND wait_event_type = 'Lock' AND ${condition}`
  return Number(await bench.sandbox.psql(bench.sandbox.primary.adminUrl(), query))
}

describe('a table that somebody keeps', () => {
  it('locked exclusively for longer than the backup waits', async () => {
    await somebody.run('BEGIN; LOCK TABLE orders IN ACCESS EXCLUSIVE MODE')
    const named = `public.orders (by process ${somebody.pid})`
    const failure = await one.fails({ kind: 'transient', code: '55P03', hint: /pg_stat_activity/ }, { lockWaitSeconds: 0.2 })
    expect(failure.subject).toBe(named)
    expect(failure.message).toContain(named)
  })

  it('wanting to alter it from the moment on when the backup holds its snapshot', async () => {
    const altering: Promise<void>[] = []
    const queue = async (): Promise<void> => {
      altering.push(somebody.run('ALTER TABLE wide ADD COLUMN more int'))
      await until('the other session waits', async () => (await waiting(`application_name = 'somebody else'`)) > 0)
    }
    const expected: ExpectedFailure = { kind: 'transient', code: '55P03', message: /wide/ }
    await onceHeld(one, queue, (held) => one.fails(expected, held))
    await Promise.all(altering)
  })
})

describe('a table that changes while the backup waits for its lock', () => {
  it.each<[string, string, ExpectedFailure]>([
    [
      'is dropped',
      'DROP TABLE orders CASCADE',
      { kind: 'transient', code: '42P01', message: /went away.*orders/, hint: /when no migration runs/ },
    ],
    ['is renamed', 'ALTER TABLE orders RENAME TO purchases', { kind: 'transient', code: '42P01', message: /orders/ }],
    ['moves to another schema', 'CREATE SCHEMA old; ALTER TABLE orders SET SCHEMA old', { kind: 'transient', code: '42P01' }],
  ])('%s', async (_, script, expected) => {
    await somebody.run(`BEGIN; ${script}`)
    await whileItWaits('', one.fails(expected))
  })

  it.each<[string, string]>([
    ['is rewritten with another type', 'ALTER TABLE orders DROP CONSTRAINT orders_customer_fkey, ALTER COLUMN id TYPE bigint'],
    ['is truncated', 'TRUNCATE orders'],
    ['gets a column', "ALTER TABLE orders ADD COLUMN note text DEFAULT 'none'"],
    ['loses a column', 'ALTER TABLE orders DROP COLUMN total CASCADE'],
    [
      'is replaced by another of the same name',
      'DROP TABLE orders CASCADE; CREATE TABLE orders AS SELECT g FROM generate_series(1, 9) g',
    ],
    ['gets a neighbour', 'LOCK TABLE orders; CREATE TABLE newcomers AS SELECT g FROM generate_series(1, 9) g'],
  ])('%s: the set holds what was committed', async (_, script) => {
    await somebody.run(`BEGIN; ${script}`)
    await one.expectWholeSet(await whileItWaits('', one.backup()))
  })
})

describe('a change after the snapshot', () => {
  it.each<[string, string]>([
    ['a table is created', 'CREATE TABLE late AS SELECT g FROM generate_series(1, 9) g'],
    [
      'a sequence, a view and a function are created',
      'CREATE SEQUENCE s; CREATE VIEW v AS SELECT 1; CREATE FUNCTION f() RETURNS int LANGUAGE sql AS $$SELECT 1$$',
    ],
    [
      'rows come, change and go',
      "INSERT INTO customers (name) VALUES ('late'); UPDATE orders SET total = 0; DELETE FROM events WHERE id < 30000",
    ],
    ['a table grows by many pages', "INSERT INTO events (note) SELECT repeat('x', 500) FROM generate_series(1, 20000)"],
    ['a table is vacuumed', 'DELETE FROM events WHERE id > 100'],
  ])('%s: the set does not know of it', async (_, script) => {
    const before = await fingerprint(bench.sandbox, bench.sandbox.primary.adminUrl(one.database))
    const act = async (): Promise<void> => {
      await somebody.run(script)
      await somebody.run('VACUUM events')
    }
    const manifest: Manifest = await onceHeld(one, act, (held) => one.backup(held))
    await one.expectWholeSet(manifest, before)
  })

  it('the database is dropped by force', async () => {
    const { sandbox } = bench
    const drops: Promise<string>[] = []
    const drop = async (): Promise<void> => {
      drops.push(sandbox.psql(sandbox.primary.adminUrl(), `DROP DATABASE ${one.database} WITH (FORCE)`))
      await Promise.all(drops)
    }
    one.proxy.inject({ operation: 'PutObject', key: 'data/', fault: { type: 'meanwhile', run: drop } })
    // A tool that has not connected yet finds no such database.
    await one.fails({ kind: ['transient', 'config'] })
    // The sessions end before the database is gone from the catalogue.
    await Promise.all(drops)
  })
})
