import { afterAll, afterEach, beforeAll, expect, test } from 'vitest'
import type { Manifest, ManifestTable } from '../../../functions/archive/manifest.ts'
import { backup } from '../../../functions/backup/backup.ts'
import { resolveConnection } from '../../../functions/platform/postgres/connection.ts'
import { restore } from '../../../functions/restore/restore.ts'
import { createFaultDatabase, fingerprint } from '../../support/fault-database.ts'
import { useSandbox } from '../../support/sandbox.ts'
import { makeVerifyBench, removeVerifyBench, type VerifyBench } from '../../support/verify-bench.ts'
import { workerThreads } from '../../support/worker-threads.ts'

const sandbox = useSandbox()
const database = 'many_workers'
let two: VerifyBench
let eight: VerifyBench

/** How many further threads there were at most while some work ran. */
async function threadsDuring(work: () => Promise<unknown>): Promise<number> {
  let most = 0
  let ended = false
  const watching = (async () => {
    while (!ended) {
      most = Math.max(most, (await workerThreads()).length)
      await new Promise((resolve) => setTimeout(resolve, 5))
    }
  })()
  try {
    await work()
  } finally {
    ended = true
    await watching
  }
  return most
}

beforeAll(async () => {
  await createFaultDatabase(sandbox, database, 'large')
  two = await makeVerifyBench(sandbox.backupUrl(database), sandbox.pgBin, { workers: 2 })
  eight = await makeVerifyBench(sandbox.backupUrl(database), sandbox.pgBin, { workers: 8 })
})

afterAll(() => Promise.all([two, eight].map((bench) => removeVerifyBench(bench))))
afterEach(async () => expect(await workerThreads()).toEqual([]))

/** What a table's rows are, whoever read them and however they were cut. */
function content({ tables, largeObjects, sequences }: Manifest) {
  const rows = ({ schema, name, columns, rows, rawBytes, digest, stored }: ManifestTable) => {
    return { schema, name, columns, rows, rawBytes, digest, stored }
  }
  return { tables: tables.map(rows), largeObjects, sequences }
}

test('eight workers store the same rows as two, digest for digest', async () => {
  const manifest = await eight.manifest()
  expect(content(manifest)).toEqual(content(await two.manifest()))
  expect(manifest.units.length).toBeGreaterThan(8)
})

test('eight workers verify equal what either stored', async () => {
  expect(await eight.verify({ jobs: 8 })).toMatchObject({ equal: true, findings: [] })
  expect(await two.verify({ jobs: 8 })).toMatchObject({ equal: true, findings: [] })
  expect(await eight.verify({ jobs: 2 })).toMatchObject({ equal: true, findings: [] })
})

test('eight workers restore what was stored, and say all of it as progress', async () => {
  const target = `${database}_target`
  await sandbox.psql(sandbox.primary.adminUrl(), `CREATE DATABASE ${target} TEMPLATE template0`)
  const url = sandbox.primary.adminUrl(target)
  const { store, address, env } = eight
  const parts = { clean: false, noOwner: false, noPrivileges: false, roles: false, schemas: [], tables: [] }
  let doneBytes = 0
  const onProgress = (progress: { doneBytes: number }): void => {
    doneBytes = progress.doneBytes
  }
  const { rawBytes } = await restore({
    store,
    address,
    target: resolveConnection(url, {}),
    jobs: 8,
    env,
    ...parts,
    onProgress,
  })
  expect(doneBytes).toBe(rawBytes)
  expect(await fingerprint(sandbox, url)).toBe(await fingerprint(sandbox, sandbox.primary.adminUrl(database)))
})

test.each([
  [2, 0],
  [3, 0],
  [4, 1],
  [8, 2],
])('%i workers have %i further threads', async (workers, threads) => {
  const { store, env } = eight
  const connection = resolveConnection(sandbox.backupUrl(database), {})
  const tuning = { workers, compressionLevel: 1, lockWaitSeconds: 10, rolePasswords: false }
  expect(await threadsDuring(() => backup({ connection, store, cluster: `with-${workers}`, env, ...tuning }))).toBe(threads)
})
