import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { listSets } from '../../../functions/archive/catalogue.ts'
import type { SetAddress } from '../../../functions/archive/keys.ts'
import { type BackupOptions, backup } from '../../../functions/backup/backup.ts'
import { openStore } from '../../../functions/platform/object-store/open-store.ts'
import type { FileSettings, StoreSettings } from '../../../functions/platform/object-store/settings.ts'
import { resolveConnection } from '../../../functions/platform/postgres/connection.ts'
import type { LocalServer } from '../../../functions/platform/postgres/local-server.ts'
import { openSession } from '../../../functions/platform/postgres/session.ts'
import { restore } from '../../../functions/restore/restore.ts'
import { verify } from '../../../functions/verify/verify.ts'
import { failureOf } from '../../support/failures.ts'
import { otherPostgresRuns, startOtherPostgres } from '../../support/other-postgres.ts'
import { useSandbox } from '../../support/sandbox.ts'

const sandbox = useSandbox()
const env = { BALLAST_PG_BIN: sandbox.pgBin }
const sample = `
CREATE TYPE mood AS ENUM ('good', 'bad');
CREATE TABLE t (id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY, m mood, n numeric, f float8, j jsonb, r int4range);
INSERT INTO t (m, n, f, j, r) SELECT 'good', i / 3.0, i / 7.0, jsonb_build_object('i', i), int4range(i, i + 1) FROM generate_series(1, 20000) i;
CREATE INDEX ON t (n);`

function addressOf({ cluster, database, set }: SetAddress): SetAddress {
  return { cluster, database, set }
}

async function query(url: string, sql: string): Promise<Record<string, unknown>[]> {
  const session = await openSession(resolveConnection(url, {}))
  try {
    return await session.query<Record<string, unknown>>(sql)
  } finally {
    await session.close()
  }
}

function options(server: LocalServer, store: StoreSettings): BackupOptions {
  const connection = resolveConnection(server.url('postgres'), {})
  return {
    connection,
    store,
    cluster: 'versions',
    workers: 2,
    compressionLevel: 1,
    lockWaitSeconds: 5,
    rolePasswords: false,
    env,
  }
}

describe.runIf(otherPostgresRuns)('a server older than the tools', () => {
  let server: LocalServer
  let store: FileSettings

  beforeAll(async () => {
    server = await startOtherPostgres(14)
    store = { type: 'file', directory: await mkdtemp(join(tmpdir(), 'ballast-test-')) }
    await query(server.url('postgres'), sample)
  })
  afterAll(async () => {
    await server.stop()
    await rm(store.directory, { recursive: true })
  })

  test('is backed up by newer tools, and the set proves equal in a newer scratch server', async () => {
    const { summary, source } = await backup(options(server, store))
    expect(Math.floor(source.versionNum / 10_000)).toBe(14)
    const report = await verify({ store, address: addressOf(summary), jobs: 2, env })
    expect(report.findings).toEqual([])
    expect(report.equal).toBe(true)
    expect(report.compared.rows).toBe(20_000)
  })

  test('takes no set that newer tools wrote, and stays as it was', async () => {
    const { summary } = await backup(options(server, store))
    const address = addressOf(summary)
    await query(server.url('postgres'), 'CREATE DATABASE target')
    const target = resolveConnection(server.url('target'), {})
    const parts = { schemas: [], tables: [], noOwner: false, noPrivileges: false }
    const failure = await failureOf(restore({ store, address, target, jobs: 2, clean: false, roles: false, ...parts, env }))
    expect(failure.kind).toBe('config')
    expect(failure.message).toMatch(/runs PostgreSQL 14, and the set was written for \d+ or newer/)
    expect(
      await query(server.url('target'), `SELECT count(*) FROM pg_class WHERE relnamespace = 'public'::regnamespace`),
    ).toEqual([{ count: '0' }])
  })
})

describe.runIf(otherPostgresRuns)('a server newer than every tool', () => {
  let server: LocalServer

  beforeAll(async () => {
    server = await startOtherPostgres(18)
    await query(server.url('postgres'), sample)
  })
  afterAll(() => server.stop())

  test('is refused before anything is written', async () => {
    const directory = await mkdtemp(join(tmpdir(), 'ballast-test-'))
    const settings: StoreSettings = { type: 'file', directory }
    const failure = await failureOf(backup(options(server, settings)))
    expect(failure).toMatchObject({ kind: 'config', code: 'NO_CLIENT_TOOLS' })
    expect(failure.hint).toContain('apt-get install postgresql-client-18')
    const store = openStore(settings)
    expect(await listSets(store, {})).toEqual([])
    store.close()
    await rm(directory, { recursive: true })
  })
})
