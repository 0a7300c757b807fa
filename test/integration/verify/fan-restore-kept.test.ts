import { describe, expect, test, vi } from 'vitest'
import type { Outcome } from '../../../functions/platform/outcome.ts'
import { resolveConnection } from '../../../functions/platform/postgres/connection.ts'
import { scheduledVerify } from '../../../functions/verify/scheduled-verify.ts'
import { compareDatabase } from '../../support/compare-database.ts'
import { doneBy, useFanRestoreBench } from '../../support/fan-restore-bench.ts'
import { FanRestoreCase, type FanRestoreOptions } from '../../support/fan-restore-case.ts'
import { startOwnPostgres } from '../../support/own-postgres.ts'
import { randomKills } from '../../support/random-kills.ts'
import type { StepAnswer, StepEvent } from '../../support/step-calls.ts'
import { until } from '../../support/traces.ts'

// Dozens of processes, several at a time.
vi.setConfig({ testTimeout: 400_000, hookTimeout: 200_000 })
const bench = useFanRestoreBench('fan_restore_kept')

describe('a restore by many workers', () => {
  const name = 'came_back'
  /** What a restore leaves on purpose. */
  async function remove(): Promise<void> {
    await bench.ask(`DROP DATABASE IF EXISTS ${name} WITH (FORCE)`)
    const roles = await bench.ask(
      `SELECT format('DROP ROLE %I', rolname) FROM pg_roles WHERE rolname LIKE 'fidelity%' OR rolname = 'app'`,
    )
    for (const statement of roles.split('\n').filter((one) => one !== '')) await bench.ask(statement)
  }

  test('is gone on with where it was interrupted, whatever step was killed, and equals its source', async () => {
    const answers: [StepEvent, StepAnswer][] = []
    const onAnswer = (event: StepEvent, answer: StepAnswer): number => answers.push([event, answer])
    const { onStart, killed } = randomKills(4, { prepare: 4, abort: 3, finish: 3 })
    const first = (await bench.restores()).machine({ as: name, onAnswer, onStart, attempts: 10 })
    try {
      const { startedMs } = await first.prepare()
      const working = Promise.all([1, 2].map(() => first.calls.call({ step: 'work', ...bench.run(name) })))
      await until(
        'something is done',
        async () => Number(await bench.ask('SELECT count(*) FROM ballast_restore.done', name)) >= 5,
      )
      first.calls.kill()
      await working
      await first.calls.settled()
      const done = Number(await bench.ask('SELECT count(*) FROM ballast_restore.done', name))
      const outcome = (await first.task('abort')) as Outcome
      expect(outcome).toMatchObject({
        ok: false,
        operation: 'restore',
        failure: { message: expect.stringContaining('is not whole') },
      })

      const all = Number(await bench.ask('SELECT count(*) FROM ballast_restore.task', name))
      const second = (await bench.restores()).machine({ as: name, onAnswer, onStart, attempts: 10 })
      const end = await second.execute()
      expect(end, JSON.stringify(end)).toMatchObject({
        outcome: { ok: true, operation: 'restore', numbers: { rows: bench.manifest.summary.rows, restoredAs: name } },
      })
      expect(doneBy(answers).reduce((sum, done) => sum + done, 0)).toBeLessThanOrEqual(all - done)
      expect(await bench.ask(`SELECT count(*) FROM pg_namespace WHERE nspname = 'ballast_restore'`, name)).toBe('0')
      expect(Math.min(...Object.values(killed)), JSON.stringify(killed)).toBeGreaterThanOrEqual(1)
      const server = resolveConnection(bench.into('postgres'), {})
      const found = await compareDatabase(bench.one.truth, bench.address, { server, name, env: bench.one.options().env })
      expect(found.list).toEqual([])
      expect(await second.task('finish', { startedMs })).toMatchObject({ ok: true })
      const again = await second.calls.call({ step: 'prepare', ...bench.run(name) })
      expect(again).toMatchObject({ errorType: 'ConfigFailure', errorMessage: expect.stringContaining(`"${name}" already`) })
    } finally {
      await remove()
    }
    expect(await bench.left()).toBe('')
  })
})

describe('a verification of a share by many workers', () => {
  test('compares the digests of that share, counts all rows, and never says equal alone', async () => {
    const { outcome } = await (await bench.restores({ share: '50 %' })).machine().execute()
    expect(outcome, JSON.stringify(outcome)).toMatchObject({ ok: true, numbers: { rows: bench.manifest.summary.rows } })
    const last = (await bench.evidence()).at(-1)
    const tables = bench.manifest.tables.length
    expect(last).toMatchObject({ verdict: 'sampled', compared: { tables, rows: bench.manifest.summary.rows } })
    const { digestTables = 0 } = last?.compared ?? {}
    expect(digestTables).toBeGreaterThan(0)
    expect(digestTables).toBeLessThan(tables)
    expect(last).toMatchObject({ digests: { tables: digestTables, ofTables: tables } })
    expect(await bench.left()).toBe('')
  })
})

describe('what is refused before anything is made', () => {
  const prepare = async (options: Partial<FanRestoreOptions>) =>
    (await bench.restores(options)).machine().calls.call({ step: 'prepare', ...bench.run(null) })

  test('a budget of connections that the server does not allow', async () => {
    const small = await startOwnPostgres({ max_connections: '10', max_wal_senders: '0' })
    try {
      expect(await prepare({ into: small.url('postgres') })).toMatchObject({
        errorType: 'ConfigFailure',
        errorMessage: expect.stringMatching(/8 connections.*the server allows 7/),
      })
    } finally {
      await small.stop()
    }
    expect(await bench.left()).toBe('')
  })

  test('a run while another set is verified on the same server, which then is waited for', async () => {
    const other = `ballast_verify_fan_${'0'.repeat(16)}`
    await bench.ask(`CREATE DATABASE ${other}`)
    await bench.ask(
      `CREATE SCHEMA ballast_restore; CREATE TABLE ballast_restore.run AS
        SELECT '{"madeRoles":["fidelity_left"]}'::text AS document, true AS planned, false AS spoiled, now() AS touched`,
      other,
    )
    await bench.ask('CREATE ROLE fidelity_left')
    expect(await prepare({})).toMatchObject({ result: { more: true, waitSeconds: 60, workers: [] } })
    expect(await bench.left()).toBe(`${other}\nfidelity_left`)
    // One that nobody will end any more is removed.
    await bench.ask(`UPDATE ballast_restore.run SET touched = now() - interval '2 hours'`, other)
    const machine = (await bench.restores()).machine()
    await machine.prepare()
    expect(await bench.left()).not.toMatch(/fan_0{16}|fidelity_left/)
    await machine.task('abort')
    expect(await bench.left()).toBe('')
  })
})

describe('what takes longer than a call', () => {
  test('fails it by its name, with what to do, and leaves nothing when it is given up', async () => {
    const { one } = bench
    const { sandbox } = one.bench
    const database = `${one.database}_slow`
    await sandbox.createDatabase(database)
    await sandbox.psql(
      sandbox.primary.url(database),
      `CREATE FUNCTION slow(n int) RETURNS int IMMUTABLE LANGUAGE sql AS $$
          SELECT CASE WHEN current_database() LIKE 'ballast%' THEN (SELECT n FROM pg_sleep(60)) ELSE n END $$;
        CREATE TABLE orders AS SELECT 1 AS id;
        CREATE INDEX orders_slow ON orders (slow(id));`,
    )
    const { summary } = await one.backup({ connection: resolveConnection(sandbox.backupUrl(database), {}) })
    const { cluster, set } = summary
    const slow = await FanRestoreCase.of(one, { cluster, database, set }, { into: bench.into('postgres') })
    const machine = slow.machine({ limitMs: 10_000 })
    await slow.machine().prepare()
    let worked: StepAnswer = { result: undefined }
    while ('result' in worked) worked = await machine.calls.call({ step: 'work', database, set, as: null })
    expect(worked).toMatchObject({ errorType: 'TransientFailure' })
    expect(worked.errorMessage).toMatch(/restore INDEX public orders_slow was not done when the time of its function was over/)
    expect(worked.errorMessage).toMatch(/needs .* a VM: `ballast verify`/)
    expect(await slow.machine().task('abort')).toMatchObject({ ok: false })
    expect(await bench.left()).toBe('')
  })
})

describe('the scheduled verification', () => {
  const verifyDaily = async (
    options: Partial<FanRestoreOptions>,
    handOver?: (name: string, input: object) => Promise<'running' | 'ended'>,
  ) => {
    const { cluster, env } = await bench.restores(options)
    const startedMs = Date.now()
    return await scheduledVerify({
      ...{ cluster, dueMs: startedMs, deadlineMs: startedMs + 300_000, env, note: () => undefined },
      ...{ signal: new AbortController().signal, ...(handOver && { handOver }) },
    })
  }

  test('hands over what takes longer than the definition lets one call work', async () => {
    const asked: object[] = []
    const outcome = await verifyDaily({ above: '1 s' }, async (_, input) => {
      asked.push(input)
      return 'running'
    })
    expect(outcome).toMatchObject({ ok: true, numbers: { alreadyRunning: true, fannedOut: true, set: bench.address.set } })
    expect(asked).toEqual([bench.run(null)])
  })
})
