import { chmod, mkdtemp, readFile, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { resolveConnection } from '../../../functions/platform/postgres/connection.ts'
import { type LocalServer, startLocalServer } from '../../../functions/platform/postgres/local-server.ts'
import { openSession } from '../../../functions/platform/postgres/session.ts'
import { compareRestored } from '../../../functions/verify/compare.ts'
import { Findings } from '../../../functions/verify/findings.ts'
import { failureOf } from '../../support/failures.ts'
import { copyPostgres, type PostgresCopy } from '../../support/postgres-copy.ts'
import { useSandbox } from '../../support/sandbox.ts'
import { makeVerifyBench, removeVerifyBench, type VerifyBench } from '../../support/verify-bench.ts'

const sandbox = useSandbox()
let copy: PostgresCopy | undefined
let server: LocalServer | undefined
let bench: VerifyBench
let parent = ''

const extension = {
  'ballast_sample.control': `default_version = '1.0'\nrelocatable = false\n`,
  'ballast_sample--1.0.sql': `
    CREATE TABLE sample_all (k text PRIMARY KEY, v text);
    CREATE TABLE sample_some (k text, custom boolean NOT NULL);
    CREATE TABLE sample_internal (k text);
    INSERT INTO sample_some VALUES ('shipped', false);
    INSERT INTO sample_internal VALUES ('shipped');
    SELECT pg_catalog.pg_extension_config_dump('sample_all', '');
    SELECT pg_catalog.pg_extension_config_dump('sample_some', 'WHERE custom');`,
}

beforeAll(async () => {
  copy = await copyPostgres(sandbox.pgBin, extension)
  parent = await mkdtemp(join(tmpdir(), 'ballast-ext-'))
  await chmod(parent, 0o755)
  const tools = { initdb: join(copy.pgBin, 'initdb'), postgres: join(copy.pgBin, 'postgres') }
  server = await startLocalServer({ tools, directory: join(parent, 's'), listen: 'socket-only' })
  const setup = await openSession(resolveConnection(server.url(), {}))
  await setup.query('CREATE DATABASE extended TEMPLATE template0')
  await setup.close()
  const session = await openSession(resolveConnection(server.url('extended'), {}))
  await session.query(`CREATE EXTENSION ballast_sample; INSERT INTO sample_all VALUES ('mine', E'\\\\N'), ('yours', NULL);
    INSERT INTO sample_some VALUES ('mine', true), ('also shipped, not mine', false); INSERT INTO sample_internal VALUES ('lost');
    CREATE TABLE own AS SELECT 1 AS n`)
  await session.close()
  bench = await makeVerifyBench(server.url('extended'), copy.pgBin)
})

afterAll(async () => {
  await removeVerifyBench(bench)
  await server?.stop()
  await copy?.remove()
  await rm(parent, { recursive: true, force: true })
})

describe('configuration tables of an extension', () => {
  test('are restored and compared as far as the extension wants them dumped', async () => {
    const report = await bench.verify()
    expect(report).toMatchObject({ equal: true, findings: [], compared: { tables: 3, rows: 4 } })
  })

  test('with a changed row are found out, and rows that are not dumped do not count', async () => {
    await bench.withRestored(async (restored) => {
      const session = await openSession(restored.connection)
      const found = async (): Promise<string[]> => {
        const findings = new Findings()
        await compareRestored(restored, findings)
        return findings.list.map(({ subject, problem }) => `${subject} ${problem}`)
      }
      await session.query('DELETE FROM public.sample_some WHERE NOT custom')
      expect(await found()).toEqual([])
      await session.query('DELETE FROM public.sample_some WHERE custom')
      expect(await found()).toEqual(['table public.sample_some holds 0 rows instead of 1'])
      await session.close()
    })
  })
})

describe('an extension that this machine lacks', () => {
  test('is named with its package; the set is neither called equal nor different', async () => {
    const failure = await failureOf(bench.copy('elsewhere').verify({ env: { ...bench.env, BALLAST_PG_BIN: sandbox.pgBin } }))
    expect(failure).toMatchObject({ kind: 'config', code: 'EXTENSION_MISSING', subject: 'extension ballast_sample' })
    expect(failure.message).toContain('cannot be verified')
    expect(failure.hint).toMatch(/apt-get install postgresql-\d+-ballast-sample/)
    expect(await bench.leftovers()).toEqual([])
  })
})

describe('tools without pg_amcheck', () => {
  test('leave the indexes unchecked, which is neither equality nor a difference, and no evidence', async () => {
    const set = bench.copy('unchecked')
    const before = await set.evidence()
    await rm(join(copy?.pgBin ?? '', 'pg_amcheck'))
    const report = await set.verify()
    expect(report).toMatchObject({ equal: false, findings: [], notChecked: [expect.stringContaining('holds no pg_amcheck')] })
    expect(report.compared).toMatchObject({ tables: 3, indexes: 0 })
    expect(report.evidence).toBeUndefined()
    expect(await set.evidence()).toEqual(before)
  })

  test('are enough where no index is to be walked, and the evidence says that none was', async () => {
    const set = bench.copy('unwanted')
    const report = await set.verify({ amcheck: false })
    const note = expect.stringContaining('indexes were not walked with pg_amcheck')
    expect(report).toMatchObject({ equal: true, findings: [], notChecked: [], compared: { tables: 3, indexes: 0 } })
    expect(report.notes).toEqual([note])
    const newest = (await set.evidence()).at(-1) ?? ''
    const evidence: unknown = JSON.parse(await readFile(set.path(join('evidence', newest)), 'utf8'))
    expect(evidence).toMatchObject({ verdict: 'equal', notes: [note], compared: { indexes: 0 } })
  })
})
