import { readFile } from 'node:fs/promises'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { resolveConnection } from '../../../functions/platform/postgres/connection.ts'
import { restore } from '../../../functions/restore/restore.ts'
import { dumpContent } from '../../support/dump-content.ts'
import { runRestoreScript } from '../../support/restore-script.ts'
import { useSandbox } from '../../support/sandbox.ts'
import { makeVerifyBench, removeVerifyBench, type VerifyBench } from '../../support/verify-bench.ts'

const sandbox = useSandbox()
const whole = { clean: false, noOwner: false, noPrivileges: false, roles: false, schemas: [], tables: [] }
/** Far more sessions than a machine for tests has cores, and often enough that each pair of entries meets. */
const jobs = 8
const rounds = 8
let bench: VerifyBench
let source: string[]

beforeAll(async () => {
  await sandbox.createDatabase('locks')
  const fixture = new URL('../../fixtures/post-data-locks.sql', import.meta.url)
  await sandbox.psql(sandbox.primary.url('locks'), await readFile(fixture, 'utf8'))
  bench = await makeVerifyBench(sandbox.backupUrl('locks'), sandbox.pgBin)
  source = await dumpContent(sandbox, sandbox.primary.adminUrl('locks'))
})

afterAll(() => removeVerifyBench(bench))

async function emptyDatabase(name: string): Promise<string> {
  await sandbox.psql(sandbox.primary.adminUrl(), `CREATE DATABASE ${name} OWNER app TEMPLATE template0`)
  return sandbox.primary.adminUrl(name)
}

async function expectEqual(url: string): Promise<void> {
  expect(await dumpContent(sandbox, url)).toEqual(source)
  expect(await sandbox.psql(url, 'SELECT count(*) FROM pg_index WHERE NOT indisvalid')).toBe('0')
  expect(await sandbox.psql(url, 'SELECT count(*) FROM named')).toBe('50')
}

test('entries that lock the same tables never deadlock, however many run at once', async () => {
  for (let round = 1; round <= rounds; round += 1) {
    const url = await emptyDatabase(`locks_${round}`)
    const { store, address, env } = bench
    await restore({ store, address, target: resolveConnection(url, {}), jobs, env, ...whole })
    await expectEqual(url)
  }
})

test('nor do they in restore.sh', async () => {
  for (let round = 1; round <= rounds; round += 1) {
    const url = await emptyDatabase(`locks_script_${round}`)
    await runRestoreScript(bench.path('restore.sh'), url, sandbox.pgBin, jobs)
    await expectEqual(url)
  }
})

test('one partitioned table comes back with all its indexes attached', async () => {
  const url = await emptyDatabase('locks_part')
  await sandbox.psql(url, 'CREATE FUNCTION touch() RETURNS trigger LANGUAGE plpgsql AS $$BEGIN RETURN NEW; END$$')
  const { store, address, env } = bench
  const tree = await sandbox.psql(
    sandbox.primary.adminUrl('locks'),
    `SELECT string_agg(relid::text, ',') FROM pg_partition_tree('orders')`,
  )
  await restore({ store, address, target: resolveConnection(url, {}), jobs, env, ...whole, tables: tree.split(',') })
  const attached = `SELECT count(*) FILTER (WHERE indisvalid), count(*) FROM pg_index
    WHERE indrelid IN (SELECT relid FROM pg_partition_tree('orders'))`
  expect(await sandbox.psql(url, attached)).toBe('65|65')
})
