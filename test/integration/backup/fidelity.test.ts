import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { databasePropertiesSql } from '../../../functions/archive/database-sql.ts'
import { resolveConnection } from '../../../functions/platform/postgres/connection.ts'
import { openSession } from '../../../functions/platform/postgres/session.ts'
import { run } from '../../../functions/platform/process/run.ts'
import { type RestoreOptions, type RestoreResult, restore } from '../../../functions/restore/restore.ts'
import { sessionEnvironment } from '../../../sandbox/psql.ts'
import { dumpContent } from '../../support/dump-content.ts'
import { failureOf } from '../../support/failures.ts'
import { asFidelityBackup, createFidelityDatabase } from '../../support/fidelity.ts'
import { runRestoreScript } from '../../support/restore-script.ts'
import { useSandbox } from '../../support/sandbox.ts'
import { makeVerifyBench, removeVerifyBench, type VerifyBench } from '../../support/verify-bench.ts'

const sandbox = useSandbox()
let fromPrimary: VerifyBench
let fromStandby: VerifyBench
/** What the stock tools make of the same database. */
let stock: string[]
let stockFromStandby: string[]

beforeAll(async () => {
  const url = await createFidelityDatabase(sandbox, 'fidelity_source')
  await sandbox.waitForStandby()
  const standbyUrl = sandbox.standby.adminUrl('fidelity_source')
  fromPrimary = await makeVerifyBench(asFidelityBackup(url), sandbox.pgBin)
  fromStandby = await makeVerifyBench(asFidelityBackup(standbyUrl), sandbox.pgBin)
  stock = await content(await stockRestored(url, 'fidelity_stock'))
  stockFromStandby = await content(await stockRestored(standbyUrl, 'fidelity_stock_standby'))
})

afterAll(async () => {
  await removeVerifyBench(fromPrimary)
  await removeVerifyBench(fromStandby)
})

/** What a dump says of a database, but for the options of user mappings: who is no superuser may not read them. */
async function content(url: string): Promise<string[]> {
  return (await dumpContent(sandbox, url)).filter((text) => !text.startsWith('USER MAPPING'))
}

/** An empty database; returns the superuser's URL. */
async function emptyDatabase(name: string, owner = 'fidelity_owner'): Promise<string> {
  await sandbox.psql(sandbox.primary.adminUrl(), `CREATE DATABASE "${name}" OWNER ${owner} TEMPLATE template0`)
  return sandbox.primary.adminUrl(name)
}

/** A database dumped and restored by pg_dump and pg_restore alone. */
async function stockRestored(url: string, name: string): Promise<string> {
  const target = await emptyDatabase(name)
  const directory = await mkdtemp(join(tmpdir(), 'ballast-stock-'))
  const archive = join(directory, 'dump')
  const tool = (command: string, args: string[], at: string) =>
    run({ command: join(sandbox.pgBin, command), args, env: { PATH: '/usr/bin:/bin', ...sessionEnvironment(at) } })
  try {
    await tool('pg_dump', ['--format=custom', '--compress=1', `--file=${archive}`], url)
    await tool('pg_restore', ['--exit-on-error', `--dbname=${name}`, archive], target)
  } finally {
    await rm(directory, { recursive: true, force: true })
  }
  return target
}

function restoreInto(bench: VerifyBench, url: string, changed: Partial<RestoreOptions> = {}): Promise<RestoreResult> {
  const everything = { clean: false, noOwner: false, noPrivileges: false, roles: false, schemas: [], tables: [] }
  const { store, address, env } = bench
  return restore({ store, address, target: resolveConnection(url, {}), jobs: 2, env, ...everything, ...changed })
}

async function properties(url: string): Promise<Record<string, unknown>> {
  const session = await openSession(resolveConnection(url, {}))
  const [row] = await session.query<Record<string, unknown>>(databasePropertiesSql(session.versionNum))
  await session.close()
  const { name: _, grants, ...rest } = row ?? {}
  return { ...rest, grants: (grants as unknown[]).map((grant) => JSON.stringify(grant)).sort() }
}

describe('a whole set', () => {
  test('from the primary, by a role that is no superuser, restores to what the stock tools restore', async () => {
    const url = await emptyDatabase('fidelity_primary')
    const { rows } = await restoreInto(fromPrimary, url)
    expect(rows).toBeGreaterThan(3_000)
    expect(await content(url)).toEqual(stock)
    expect(stock.length).toBeGreaterThan(250)
    const { omitted } = await fromPrimary.manifest()
    expect(omitted).toContainEqual(expect.objectContaining({ subject: 'user mapping for fidelity_owner on server elsewhere' }))
  })

  test('carries the properties of the database itself, which the stock tools leave out', async () => {
    const url = await emptyDatabase('fidelity_properties')
    await restoreInto(fromPrimary, url)
    expect(await properties(url)).toEqual(await properties(sandbox.primary.adminUrl('fidelity_source')))
  })

  test('from the standby restores to what the stock tools restore from there, and says what a standby lacks', async () => {
    const url = await emptyDatabase('fidelity_standby')
    await restoreInto(fromStandby, url)
    expect(await content(url)).toEqual(stockFromStandby)
    const { omitted } = await fromStandby.manifest()
    expect(omitted).toContainEqual(expect.objectContaining({ subject: 'table fidelity.cache' }))
    expect(await sandbox.psql(url, 'SELECT count(*) FROM fidelity.cache')).toBe('0')
  })

  test('replaces what is there with --clean, and is refused without it', async () => {
    const url = await emptyDatabase('fidelity_clean')
    await restoreInto(fromPrimary, url)
    const failure = await failureOf(restoreInto(fromPrimary, url))
    expect(failure).toMatchObject({ kind: 'config', subject: 'fidelity_clean' })
    expect(failure.hint).toContain('--clean')
    await sandbox.psql(url, 'TRUNCATE fidelity.ruled; DROP TABLE fidelity.tree; ALTER TABLE fidelity.wide RENAME c1 TO other')
    await restoreInto(fromPrimary, url, { clean: true })
    expect(await content(url)).toEqual(stock)
  })

  test('is refused by a database that holds anything, which stays as it is', async () => {
    const url = await emptyDatabase('fidelity_occupied')
    await sandbox.psql(url, 'CREATE VIEW mine AS SELECT 1')
    const before = await content(url)
    expect((await failureOf(restoreInto(fromPrimary, url))).message).toContain('already holds public.mine')
    expect(await content(url)).toEqual(before)
  })
})

describe('a part of a set', () => {
  test('one table comes back into the database that lost it, with all that belongs to it', async () => {
    const url = await emptyDatabase('fidelity_table')
    await restoreInto(fromPrimary, url)
    await sandbox.psql(url, 'DROP TABLE fidelity.tree')
    const result = await restoreInto(fromPrimary, url, { tables: ['fidelity.tree'] })
    expect(result).toMatchObject({ tables: 1, rows: 200, leftOut: [] })
    // A publication of chosen tables lists them one by one; that of a schema takes the table back by itself.
    expect(await content(url)).toEqual(stock)
  })

  test('one table comes alone into another database, and what needs more is left out by name', async () => {
    const url = await emptyDatabase('fidelity_alone')
    await sandbox.psql(
      url,
      'CREATE SCHEMA fidelity; CREATE FUNCTION fidelity.twice(integer) RETURNS integer LANGUAGE sql IMMUTABLE AS $$SELECT $1 * 2$$',
    )
    const { leftOut } = await restoreInto(fromPrimary, url, { tables: ['fidelity.shapes'] })
    expect(leftOut).toEqual(expect.arrayContaining(['TRIGGER shapes shapes_touch']))
    expect(
      await sandbox.psql(url, `SELECT count(*), sum(area), nextval('fidelity.shapes_serial_number_seq') FROM fidelity.shapes`),
    ).toBe(
      await sandbox.psql(sandbox.primary.adminUrl('fidelity_source'), 'SELECT count(*), sum(area), 501 FROM fidelity.shapes'),
    )
  })

  test('one schema comes alone into another database', async () => {
    const url = await emptyDatabase('fidelity_schema')
    const result = await restoreInto(fromPrimary, url, { schemas: ['odd "schema"'] })
    expect(result).toMatchObject({ tables: 1, rows: 2 })
    const odd = (texts: string[]): string[] => texts.filter((text) => /^[^\n]*odd "schema"/.test(text))
    const restored = odd(await content(url))
    expect(restored).toEqual(odd(stock))
    expect(restored.length).toBeGreaterThan(3)
  })
})

describe('without a superuser', () => {
  test('a set restores with --no-owner --no-privileges, and everything belongs to who restored it', async () => {
    await sandbox.createDatabase('fidelity_plain')
    await sandbox.psql(
      sandbox.primary.adminUrl('fidelity_plain'),
      `CREATE TABLE t (id serial PRIMARY KEY, n integer CHECK (n > 0)); INSERT INTO t (n) SELECT g FROM generate_series(1, 100) g;
       ALTER TABLE t OWNER TO fidelity_owner; GRANT SELECT ON t TO fidelity_reader; CREATE VIEW v AS SELECT * FROM t;
       DROP SCHEMA pgbouncer CASCADE`,
    )
    const bench = await makeVerifyBench(sandbox.backupUrl('fidelity_plain'), sandbox.pgBin)
    try {
      await emptyDatabase('fidelity_unprivileged', 'app')
      const url = sandbox.primary.url('fidelity_unprivileged')
      await restoreInto(bench, url, { noOwner: true, noPrivileges: true })
      expect(await sandbox.psql(url, 'SELECT tableowner, (SELECT sum(n) FROM v) FROM pg_tables WHERE tablename = $$t$$')).toBe(
        'app|5050',
      )
    } finally {
      await removeVerifyBench(bench)
    }
  })
})

describe('restore.sh', () => {
  const runScript = (bench: VerifyBench, url: string) => runRestoreScript(bench.path('restore.sh'), url, sandbox.pgBin)

  test('restores every kind of object from a downloaded set with stock programs alone', async () => {
    const url = await emptyDatabase('fidelity_script')
    await runScript(fromPrimary, url)
    expect(await content(url)).toEqual(stock)
    expect(await properties(url)).toEqual(await properties(sandbox.primary.adminUrl('fidelity_source')))
  })

  test('restores a database of one table', async () => {
    const source = await emptyDatabase('fidelity_small', 'app')
    await sandbox.psql(source, 'CREATE TABLE t (id integer PRIMARY KEY); INSERT INTO t VALUES (1), (2)')
    const bench = await makeVerifyBench(sandbox.backupUrl('fidelity_small'), sandbox.pgBin)
    try {
      const url = await emptyDatabase('fidelity_small_script', 'app')
      await runScript(bench, url)
      expect(await content(url)).toEqual(await content(source))
    } finally {
      await removeVerifyBench(bench)
    }
  })
})
