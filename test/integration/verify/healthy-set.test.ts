import { spawn } from 'node:child_process'
import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { afterEach, describe, expect, test } from 'vitest'
import { evidenceSchema } from '../../../functions/archive/evidence.ts'
import { resolveConnection } from '../../../functions/platform/postgres/connection.ts'
import { openSession } from '../../../functions/platform/postgres/session.ts'
import { sessionEnvironment } from '../../../sandbox/psql.ts'
import { asFidelityBackup, createFidelityDatabase } from '../../support/fidelity.ts'
import { startOwnPostgres } from '../../support/own-postgres.ts'
import { useSandbox } from '../../support/sandbox.ts'
import { makeVerifyBench, removeVerifyBench, type VerifyBench } from '../../support/verify-bench.ts'

const sandbox = useSandbox()
let bench: VerifyBench | undefined

afterEach(async () => {
  await removeVerifyBench(bench)
  bench = undefined
})

describe('a healthy set', () => {
  test('with every kind of object verifies equal, leaves evidence of what was compared, and nothing else', async () => {
    const url = await createFidelityDatabase(sandbox, 'verify_fidelity')
    bench = await makeVerifyBench(asFidelityBackup(url), sandbox.pgBin)
    const report = await bench.verify()
    expect(report.findings).toEqual([])
    expect(report).toMatchObject({ equal: true, findingsTotal: 0, notChecked: [], notes: [] })
    const manifest = await bench.manifest()
    expect(report.compared).toMatchObject({
      tables: manifest.tables.length,
      rows: manifest.summary.rows,
      rawBytes: manifest.summary.rawBytes,
      sequences: manifest.sequences.length,
      files: manifest.files.length + manifest.units.length,
      largeObjectPages: 5,
    })
    expect(report.compared.indexes).toBeGreaterThan(20)
    expect(report.compared.schemaEntries).toBeGreaterThan(200)
    expect(await bench.leftovers()).toEqual([])
    const [file = '', ...more] = await bench.evidence()
    expect([file.slice(-11), more]).toEqual(['-equal.json', []])
    const evidence = evidenceSchema.parse(JSON.parse(await readFile(bench.path(join('evidence', file)), 'utf8')))
    expect(evidence).toMatchObject({ ...bench.address, verdict: 'equal', compared: report.compared, findings: [] })
    expect(report.evidence?.endsWith(`evidence/${file}`)).toBe(true)
  })

  test('of an empty database verifies equal', async () => {
    await sandbox.psql(sandbox.primary.adminUrl(), 'CREATE DATABASE verify_empty TEMPLATE template0')
    bench = await makeVerifyBench(sandbox.backupUrl('verify_empty'), sandbox.pgBin)
    expect(await bench.verify()).toMatchObject({ equal: true, findings: [], compared: { tables: 0, rows: 0 } })
  })

  test('verifies equal on a given server, and leaves nothing there', async () => {
    await sandbox.createDatabase('verify_target')
    await sandbox.psql(
      sandbox.primary.url('verify_target'),
      'CREATE TABLE t (id serial PRIMARY KEY); INSERT INTO t DEFAULT VALUES',
    )
    bench = await makeVerifyBench(sandbox.backupUrl('verify_target'), sandbox.pgBin)
    const listed = 'SELECT datname FROM pg_database ORDER BY 1'
    const before = await sandbox.psql(sandbox.primary.adminUrl(), `${listed}`)
    const report = await bench.verify({ target: resolveConnection(sandbox.primary.adminUrl(), {}) })
    expect(report).toMatchObject({ equal: true, findings: [], restoredInto: { kind: 'target' } })
    const after = (await sandbox.psql(sandbox.primary.adminUrl(), listed)).split('\n')
    expect(after.filter((name) => name.startsWith('ballast_verify'))).toEqual([])
    expect(after).toEqual(expect.arrayContaining(before.split('\n').filter((name) => name.startsWith('verify'))))
    expect(await bench.leftovers()).toEqual([])
  })

  test('verifies equal on a server that lacks its roles, which then lacks them again', async () => {
    const url = await createFidelityDatabase(sandbox, 'verify_foreign')
    bench = await makeVerifyBench(asFidelityBackup(url), sandbox.pgBin)
    const server = await startOwnPostgres()
    try {
      const admin = server.url()
      const state = async (): Promise<unknown[]> => {
        const session = await openSession(resolveConnection(admin, {}))
        const rows = await session.query('SELECT rolname FROM pg_roles UNION ALL SELECT datname FROM pg_database ORDER BY 1')
        await session.close()
        return rows
      }
      const before = await state()
      const report = await bench.verify({ target: resolveConnection(admin, {}) })
      expect(report.findings).toEqual([])
      expect(report).toMatchObject({ equal: true, restoredInto: { kind: 'target' } })
      expect(report.compared.roleStatements).toBeGreaterThan(10)
      expect(await state()).toEqual(before)
    } finally {
      await server.stop()
    }
  })

  test.each([
    ['LATIN1', `convert_from('\\xe9e8', 'LATIN1')`],
    ['SQL_ASCII', `convert_from('\\xff80', 'SQL_ASCII')`],
  ])('of a database in %s verifies equal', async (encoding, value) => {
    const name = `verify_${encoding.toLowerCase()}`
    const create = `CREATE DATABASE ${name} TEMPLATE template0 ENCODING '${encoding}' LC_COLLATE 'C' LC_CTYPE 'C'`
    await sandbox.psql(sandbox.primary.adminUrl(), create)
    await sandbox.psql(sandbox.primary.adminUrl(name), `CREATE TABLE t AS SELECT ${value} AS v`)
    bench = await makeVerifyBench(sandbox.backupUrl(name), sandbox.pgBin)
    expect(await bench.verify()).toMatchObject({ equal: true, findings: [], compared: { rows: 1 } })
  })

  test('written by another version is compared by names, and says so', async () => {
    await sandbox.createDatabase('verify_version')
    await sandbox.psql(sandbox.primary.url('verify_version'), 'CREATE TABLE t (id serial PRIMARY KEY)')
    bench = await makeVerifyBench(sandbox.backupUrl('verify_version'), sandbox.pgBin)
    await bench.editManifest((manifest) => {
      manifest.tools.pgDump = '14.9'
    })
    const report = await bench.verify()
    expect(report).toMatchObject({ equal: true, findings: [] })
    expect(report.notes).toEqual([expect.stringContaining('of schema and roles the names were compared')])
  })

  test('made while an application writes verifies equal', async () => {
    await sandbox.createDatabase('verify_writes')
    const url = sandbox.primary.adminUrl('verify_writes')
    const pgbench = (...args: string[]) =>
      spawn(join(sandbox.pgBin, 'pgbench'), args, {
        env: { PATH: '/usr/bin:/bin', ...sessionEnvironment(url) },
        stdio: 'ignore',
      })
    const ended = (child: ReturnType<typeof spawn>) => new Promise<void>((resolve) => child.once('exit', () => resolve()))
    await ended(pgbench('--initialize', '--scale=3', '--quiet'))
    const writers = pgbench('--client=4', '--time=120')
    const stopped = ended(writers)
    try {
      await untilWritten(url)
      bench = await makeVerifyBench(sandbox.backupUrl('verify_writes'), sandbox.pgBin)
      expect(writers.exitCode).toBeNull()
    } finally {
      writers.kill()
      await stopped
    }
    const report = await bench.verify()
    expect(report).toMatchObject({ equal: true, findings: [], compared: { tables: 4 } })
    expect(report.compared.rows).toBeGreaterThan(300_000)
  })
})

/** Resolves when transactions have been committed, so that the backup surely runs among more of them. */
async function untilWritten(url: string): Promise<void> {
  for (let tries = 0; tries < 600; tries += 1) {
    if (Number(await sandbox.psql(url, 'SELECT count(*) FROM pgbench_history')) > 0) return
  }
  throw new Error('pgbench wrote nothing')
}
