import { readFile, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { setTimeout as delay } from 'node:timers/promises'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { type Cluster, env } from '../../../config/index.ts'
import { parseEvidence } from '../../../functions/archive/evidence.ts'
import { scheduledFreshness } from '../../../functions/freshness/scheduled-freshness.ts'
import type { Check } from '../../../functions/platform/check.ts'
import type { Outcome } from '../../../functions/platform/outcome.ts'
import { openSession } from '../../../functions/platform/postgres/session.ts'
import { compareRestored } from '../../../functions/verify/compare.ts'
import { Findings } from '../../../functions/verify/findings.ts'
import { scheduledVerify } from '../../../functions/verify/scheduled-verify.ts'
import { useCommandLine } from '../../support/command-line.ts'
import { sampleCluster } from '../../support/definitions.ts'
import { repackTable } from '../../support/repack.ts'
import { outcomeOf } from '../../support/run-cli.ts'
import { useSandbox } from '../../support/sandbox.ts'
import { makeVerifyBench, removeVerifyBench, type VerifyBench } from '../../support/verify-bench.ts'

const sandbox = useSandbox()
const cli = useCommandLine(() => ({ BALLAST_PG_BIN: sandbox.pgBin }))
const database = 'verify_sampling'
const dayMs = 86_400_000
/** Of twelve tables that become a little smaller one after the other: four make a third. */
const names = Array.from({ length: 12 }, (_, index) => `t${String(index).padStart(2, '0')}`)
let healthy: VerifyBench

beforeAll(async () => {
  await sandbox.createDatabase(database)
  const tables = names.map((name, index) => {
    const rows = `generate_series(1, ${2000 - index * 5}) n`
    return `CREATE TABLE ${name} AS SELECT n AS id, 'row ' || md5(n::text) AS note FROM ${rows}`
  })
  await sandbox.psql(sandbox.primary.url(database), tables.join(';'))
  healthy = await makeVerifyBench(sandbox.backupUrl(database), sandbox.pgBin)
})

afterAll(() => removeVerifyBench(healthy))

/** The definition that has a third of the rows of this set compared in each run, nearly. */
function definitionFor(bench: VerifyBench): Cluster {
  return sampleCluster({
    ...{ name: bench.address.cluster, 'databases[0].name': database },
    'backup.stores': [{ type: 'file', name: 'main', directory: bench.store.directory }],
    'backup.verify.share': '32 %',
    // A scratch server for each run would take most of the time.
    'backup.verify.into': env('VERIFY_INTO'),
  })
}

const run = (bench: VerifyBench) => ({
  ...{
    cluster: definitionFor(bench),
    env: { ...bench.env, VERIFY_INTO: sandbox.primary.adminUrl() },
    signal: new AbortController().signal,
    note: () => undefined,
  },
  dueMs: Date.now(),
})

/** In a second of its own: evidence is named by the second, and a schedule has at most one verification a minute. */
async function verifyOnce(bench: VerifyBench): Promise<Outcome> {
  await delay(1001)
  return await scheduledVerify(run(bench))
}

/** The tables that the last verification of a set compared by digest, and its evidence as a whole. */
async function lastEvidence(bench: VerifyBench) {
  const file = (await bench.evidence()).at(-1) ?? ''
  const evidence = parseEvidence(await readFile(bench.path(join('evidence', file))))
  if (evidence?.format !== 2) throw new Error(`${file} is not of a sampled verification`)
  const { tables } = await bench.manifest()
  const [newest] = evidence.digests.ages
  const compared = newest?.tables.split(',').flatMap((range) => {
    const [from = 0, to = from] = range.split('-').map(Number)
    return tables.slice(from, to + 1).map(({ name }) => name)
  })
  return { file, evidence, compared: compared ?? [] }
}

/** Replaces the first digit of the first row by another: as many rows, as many bytes. */
const flipValue = (text: string): string => text.replace(/row ([0-9a-f])/, (_, digit) => `row ${digit === '0' ? '1' : '0'}`)

const finding = (outcome: Outcome): string => outcome.failure?.message ?? 'none'

describe('verifications that compare a third of the rows each', () => {
  test('take the tables in turn, count all of them every time, and say what they proved', async () => {
    const bench = healthy.copy('turns')
    const manifest = await bench.manifest()
    const compared: string[][] = []
    for (let count = 0; count < 3; count += 1) {
      const outcome = await verifyOnce(bench)
      expect(outcome).toMatchObject({ ok: true })
      expect(outcome).not.toMatchObject({ numbers: { alreadyDone: true } })
      const { evidence, compared: now, file } = await lastEvidence(bench)
      compared.push(now)
      expect(file).toMatch(/^\d{8}T\d{6}Z-sampled-4-of-12-\d\dpc\.json$/)
      expect(evidence).toMatchObject({ verdict: 'sampled', digests: { tables: 4, ofTables: 12 } })
      expect(evidence.compared).toMatchObject({ tables: 12, digestTables: 4, rows: manifest.summary.rows })
      expect(evidence.compared.rawBytes).toBe(evidence.digests.rawBytes)
      expect(evidence.notes.join()).toContain('of the other tables only the number of rows was compared')
    }
    expect(compared).toEqual([names.slice(0, 4), names.slice(4, 8), names.slice(8, 12)])
    const checks = (await scheduledFreshness(run(bench))).details as { checks: Check[] }
    expect(checks.checks.filter(({ name }) => name === 'digests')).toMatchObject([
      { status: 'ok', finding: `every table of ${bench.address.set} was compared within 7.0 days` },
    ])
  })

  test('find a changed value in a table of the share at once, and one outside of it in its turn', async () => {
    const inside = healthy.copy('inside')
    await repackTable(inside, 't02', flipValue)
    expect(finding(await verifyOnce(inside))).toContain(
      'table public.t02 holds as many rows as the source did, and not the same',
    )
    const outside = healthy.copy('outside')
    await repackTable(outside, 't09', flipValue)
    expect([await verifyOnce(outside), await verifyOnce(outside)]).toMatchObject([{ ok: true }, { ok: true }])
    expect(finding(await verifyOnce(outside))).toContain('table public.t09 holds as many rows')
    // Only a comparison of everything undoes that.
    await repackTable(outside, 't09', (text) => text.replace('row 0', 'row c'))
    expect(await verifyOnce(outside)).toMatchObject({ ok: true })
    expect((await outside.evidence()).at(-1)).toMatch(/-equal\.json$/)
  })

  test('find a lost row at once, wherever it was', async () => {
    const bench = healthy.copy('lost')
    await repackTable(bench, 't11', (text) => text.replace(/^[^\n]*\n/, ''))
    expect(finding(await verifyOnce(bench))).toContain('its content is not what the backup stored')
  })

  test('catch up with tables that would be late, of which freshness warns until then', async () => {
    const bench = healthy.copy('late')
    await repackTable(bench, 't10', flipValue)
    expect(await verifyOnce(bench)).toMatchObject({ ok: true })
    const { file, evidence } = await lastEvidence(bench)
    for (const age of evidence.digests.ages) age.since = new Date(Date.parse(age.since) - 8 * dayMs).toISOString()
    await writeFile(bench.path(join('evidence', file)), JSON.stringify(evidence))
    const outcome = await scheduledFreshness(run(bench))
    const late = (outcome.details as { checks: Check[] }).checks.filter(({ name }) => name === 'digests')
    expect(late).toMatchObject([
      { status: 'warn', finding: expect.stringMatching(/^12 tables were .* more than 7\.0 days: public\.t00 \(8\.0 days\)/) },
    ])
    expect(finding(await verifyOnce(bench))).toContain('table public.t10 holds as many rows')
  })
})

test('a restored set is compared by digest in the chosen tables alone, and by its number of rows in all', async () => {
  await healthy.withRestored(async (restored) => {
    const session = await openSession(restored.connection)
    const compare = async (...places: number[]): Promise<string[]> => {
      const findings = new Findings()
      const { compared } = await compareRestored(restored, findings, { digests: new Set(places), amcheck: false })
      expect(compared).toMatchObject({ tables: 12, digestTables: places.length })
      return findings.list.map(({ subject, problem }) => `${subject} ${problem}`)
    }
    try {
      await session.query(`UPDATE t03 SET note = 'changed' WHERE id = 7`)
      expect(await compare(0, 1)).toEqual([])
      expect(await compare()).toEqual([])
      expect(await compare(3)).toEqual(['table public.t03 holds as many rows as the source did, and not the same'])
      await session.query('DELETE FROM t05 WHERE id = 1; INSERT INTO t06 VALUES (0, NULL)')
      expect(await compare(0, 6)).toEqual([
        'table public.t06 holds 1971 rows instead of 1970',
        'table public.t05 holds 1974 rows instead of 1975',
      ])
    } finally {
      await session.close()
    }
  })
})

describe('by hand', () => {
  test('a share is compared on demand, everything without one, and the listing says which', async () => {
    const bench = healthy.copy('by-hand')
    const store = ['--store', `file://${bench.store.directory}`, '--database', database]
    const part = await cli.run(['verify', ...store, '--share', '32%'], { BALLAST_SCRATCH_DIR: bench.scratch })
    expect(part.stdout).toMatch(/equal; digests of 4 of 12 tables \(\d\d % of the bytes\), all counts: /)
    expect(part).toMatchObject({
      code: 0,
      stdout: expect.stringMatching(/23,?670 rows of 12 tables counted, those of 4 tables compared/),
    })
    const listed = await cli.run(['list', ...store])
    expect(listed.stdout).toMatch(/equal; digests of 4 of 12 tables \(\d\d % of the bytes\), all counts, /)
    const { outcome } = await cli.outcome(['list', ...store])
    expect(outcome).toMatchObject({
      numbers: { verifiedSets: 0, sampledSets: 1 },
      details: { sets: [{ verified: { verdict: 'sampled', digests: { tables: 4, ofTables: 12 } } }] },
    })
    const again = await cli.outcome(['verify', ...store, '--share', '32%'], { BALLAST_SCRATCH_DIR: bench.scratch })
    expect(again.outcome).toMatchObject({
      ...{ ok: true, numbers: { tables: 12, digestTables: 4, proven: expect.stringContaining('4 of 12 tables') } },
      details: { sampled: { tables: 4, ofTables: 12 } },
    })
    expect((await lastEvidence(bench)).compared).toEqual(names.slice(4, 8))
    await sandbox.createDatabase('restored_of_sampled')
    const target = sandbox.primary.adminUrl('restored_of_sampled')
    await sandbox.psql(target, 'DROP SCHEMA IF EXISTS pgbouncer CASCADE')
    const restored = await cli.run(['restore', 'latest-verified', ...store, '--to', target, '--json'])
    // The first thing that is said.
    expect(restored.stderr).toMatch(
      /^\S+ was verified in part: equal; digests of 4 of 12 tables \(\d\d % of the bytes\), all counts; compared by digest, .*: 4 of 12 tables never, the others since 20/,
    )
    expect(outcomeOf(restored)).toMatchObject({
      ok: true,
      details: { verified: { verdict: 'sampled', digests: { tables: 4, ofTables: 12 }, tablesNeverCompared: 4 } },
    })
    const whole = await cli.run(['verify', ...store], { BALLAST_SCRATCH_DIR: bench.scratch })
    expect(whole.stdout).toMatch(/proven equal /)
    expect((await cli.run(['list', ...store])).stdout).toMatch(/ equal, /)
  })

  test.each(['0%', '101%', '20', 'half', '-5%'])('a share of %s is refused', async (share) => {
    const said = await cli.run(['verify', '--store', 'file:///nowhere', `--share=${share}`])
    expect(said).toMatchObject({ code: 2, stderr: expect.stringContaining("such as '20%'") })
  })
})
