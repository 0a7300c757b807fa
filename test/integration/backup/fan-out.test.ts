import { setTimeout as sleep } from 'node:timers/promises'
import { Client } from 'pg'
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest'
import type { Manifest } from '../../../functions/archive/manifest.ts'
import { slotRun } from '../../../functions/archive/slot.ts'
import { beginRun } from '../../../functions/backup/fan-out/start-run.ts'
import { scheduledBackup } from '../../../functions/backup/scheduled-backup.ts'
import { resolveConnection } from '../../../functions/platform/postgres/connection.ts'
import { restore } from '../../../functions/restore/restore.ts'
import { removeRun } from '../../../functions/retention/remove-run.ts'
import { useBackupBench } from '../../support/backup-bench.ts'
import type { BackupCase } from '../../support/backup-case.ts'
import { addBulkRows, type TimedAnswer, wordsOfCopying } from '../../support/bulk-rows.ts'
import { failureOf } from '../../support/failures.ts'
import { FanOutCase } from '../../support/fan-out-case.ts'
import { expectWholeOrFailed } from '../../support/fan-out-faults.ts'
import type { StepAnswer, StepEvent } from '../../support/fan-out-machine.ts'
import { packagedMachine } from '../../support/packaged-machine.ts'
import { until } from '../../support/traces.ts'

/** GiB of rows that take minutes to copy; without them, the store takes its time. */
const bulkGibibytes = Number(process.env.BALLAST_FAN_OUT_GIB ?? 0)

// Dozens of processes, one after another, and several at a time; most of the time they wait.
vi.setConfig({ testTimeout: 400_000 + bulkGibibytes * 300_000, maxConcurrency: 7 })
const bench = useBackupBench('fan_out', { size: 'large' })
afterAll(() => bench.expectNoTraces())

/** As it is packaged, for four workers. */
let packaged: string
beforeAll(async () => {
  packaged = await packagedMachine()
})

/** A case with a database of its own. */
async function begin(): Promise<BackupCase> {
  const one = await bench.begin()
  one.database = await bench.freshDatabase()
  return one
}

/** A store that takes its time for units, so that a run outlives several holders. */
function slowStore(one: BackupCase, ms: number): void {
  for (const operation of ['PutObject', 'UploadPart'] as const) {
    one.proxy.inject({ operation, key: '/data/', times: 10_000, fault: { type: 'meanwhile', run: () => sleep(ms) } })
  }
}

/** Units that a slow store had not taken yet when their run was removed are there after all, until they are swept. */
const removeLate = ({ one, address }: FanOutCase) => removeRun(one.truth, address)

const fingerprintSql = `SELECT (SELECT count(*) || ' ' || sum(hashtextextended(t::text, 0)::numeric) FROM events t) AS events,
  (SELECT count(*) || ' ' || sum(hashtextextended(t::text, 0)::numeric) FROM customers t) AS customers,
  (SELECT count(*) || ' ' || sum(hashtextextended(t::text, 0)::numeric) FROM orders t) AS orders,
  (SELECT count(*) || ' ' || sum(hashtextextended(t::text, 0)::numeric) FROM wide t) AS wide`

/** What a session sees in a run's snapshot, which it imports while the run holds it. */
async function rowsInSnapshot(run: FanOutCase, url: string): Promise<unknown> {
  const { snapshot } = await run.until(({ state }) => state === 'held')
  const client = new Client({ connectionString: url })
  await client.connect()
  try {
    await client.query('BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY')
    await client.query(`SET TRANSACTION SNAPSHOT '${snapshot?.id}'`)
    return (await client.query(fingerprintSql)).rows[0]
  } finally {
    await client.end()
  }
}

/** Restores a set into a database of its own, and backs that up in one go: what a one-shot backup says of the same rows. */
async function oneShotOf(run: FanOutCase, manifest: Manifest): Promise<{ rows: unknown; oneShot: Manifest }> {
  const { one } = run
  const { sandbox } = bench
  const name = `${bench.database}_once_${manifest.summary.sourceRole}`
  // Nobody needs it any more, and a disk need not hold both.
  await sandbox.psql(sandbox.primary.adminUrl(), `DROP DATABASE "${one.database}" WITH (FORCE)`)
  await sandbox.psql(sandbox.primary.adminUrl(), `CREATE DATABASE "${name}" TEMPLATE template0`)
  const url = sandbox.primary.adminUrl(name)
  await restore(one.restoreOptions(manifest.summary, { target: resolveConnection(url, {}) }))
  const client = new Client({ connectionString: url })
  await client.connect()
  const { rows } = await client.query(fingerprintSql)
  await client.end()
  const oneShot = await one.backup({ connection: resolveConnection(sandbox.backupUrl(name), {}) })
  return { rows: rows[0], oneShot }
}

const digests = ({ tables }: Manifest) =>
  tables.map(({ schema, name, rows, digest, rawBytes }) => [`${schema}.${name}`, rows, digest, rawBytes]).sort()

const anyEvent = '(SELECT 1 + floor(random() * max(id))::bigint FROM events)'

/** Rows that change all the time, until the returned function is called. */
function writing(one: BackupCase): () => Promise<void> {
  let stopped = false
  const script = `INSERT INTO customers (name) SELECT 'late ' || g FROM generate_series(1, 20) g;
    UPDATE orders SET total = total + 1 WHERE id % 50 = 0; DELETE FROM events WHERE id = ${anyEvent};
    UPDATE events SET note = note || id WHERE id = ${anyEvent};`
  const work = (async () => {
    while (!stopped) await bench.sandbox.psql(bench.sandbox.primary.url(one.database), script)
  })()
  return async () => {
    stopped = true
    await work
  }
}

describe('the packaged state machine, with functions that are killed after 20 s, and holders of 5 s', () => {
  it.concurrent.for(['primary', 'standby'] as const)(
    'makes of a %s that is written to what a one-shot backup makes of the same rows, digest for digest',
    async (role, { annotate }) => {
      const one = await begin()
      const { sandbox } = bench
      await addBulkRows(sandbox, one.database, bulkGibibytes * 1024 ** 3)
      await sandbox.waitForStandby()
      const url = role === 'primary' ? sandbox.backupUrl(one.database) : sandbox.standbyBackupUrl(one.database)
      if (bulkGibibytes === 0) slowStore(one, 5_000)
      const run = await FanOutCase.begin(one, { url, connections: 8, limitMs: 20_000, holderSeconds: 5 })
      const stopWriting = writing(one)
      const answers: TimedAnswer[] = []
      const onAnswer = (event: StepEvent, answer: StepAnswer) => answers.push([event, answer, Date.now()])
      const machine = run.machine({ definition: packaged, onAnswer })
      const [end, expected] = await Promise.all([machine.execute(), rowsInSnapshot(run, url)])
      await stopWriting()
      await machine.settled()
      one.proxy.clear()
      expect(end, JSON.stringify(end)).toMatchObject({ ok: true })
      const manifest = await run.manifest()
      const state = await run.currentState()
      await annotate(wordsOfCopying(manifest, state, answers))
      const { rows, oneShot } = await oneShotOf(run, manifest)
      expect(rows).toEqual(expected)
      expect(digests(manifest)).toEqual(digests(oneShot))
      expect(state).toMatchObject({ state: 'published' })
      expect(state.generation).toBeGreaterThanOrEqual(3)
      expect(manifest.source.snapshotLsn).toBe(state.snapshot?.lsn)
      expect(manifest.summary.sourceRole).toBe(role)
      const copied = answers.flatMap(([{ step }, answer]) =>
        step === 'copy' && 'result' in answer ? [answer.result as { copied: number }] : [],
      )
      expect(copied.reduce((sum, { copied: tasks }) => sum + tasks, 0)).toBeLessThanOrEqual(manifest.units.length + 1)
      // What steps are told and what they answer is in the log of the state machine.
      const passedOn = JSON.stringify([answers, end])
      for (const secret of [new URL(url).password, sandbox.s3.secretKey]) {
        expect(secret.length).toBeGreaterThan(7)
        expect(passedOn).not.toContain(secret)
      }
    },
  )
})

describe('the scheduled backup', () => {
  const daily = (run: FanOutCase, handOver?: (name: string, input: object) => Promise<'running' | 'ended'>) =>
    scheduledBackup({
      ...{ cluster: run.cluster, slot: 'daily', dueMs: run.request.dueMs, signal: run.request.signal },
      ...{ env: run.env, note: () => undefined },
      ...(handOver && { handOver }),
    })

  it.concurrent('goes on with a run that was interrupted while its snapshot lives, and copies only what is missing', async () => {
    const one = await begin()
    slowStore(one, 1_500)
    const run = await FanOutCase.begin(one)
    const first = run.machine()
    const interrupted = first.execute()
    await until('some units are settled', async () => (await run.results()).length >= 3)
    await first.interrupt()
    const done = await run.results()
    const asked: [string, object][] = []
    const outcome = await daily(run, async (name, input) => {
      asked.push([name, input])
      return asked.length === 1 ? 'ended' : 'running'
    })
    expect(outcome).toMatchObject({ ok: true, numbers: { alreadyRunning: true, fannedOut: true, set: run.address.set } })
    const { database, set } = run.address
    expect(asked.map(([, input]) => input)).toEqual([
      { database, set },
      { database, set },
    ])
    expect(asked[1]?.[0]).toBe(`${asked[0]?.[0]}-2`)

    one.proxy.clear()
    const answers: [StepEvent, StepAnswer][] = []
    const second = run.machine({ onAnswer: (event, answer) => answers.push([event, answer]) })
    expect(await second.execute()).toMatchObject({ ok: true })
    expect(await interrupted).toMatchObject({ ok: false })
    for (const each of [first, second]) await each.settled()
    await one.expectWholeSet(await run.manifest())
    const copied = answers.flatMap(([{ step }, answer]) =>
      step === 'copy' && 'result' in answer ? [answer.result as { copied: number }] : [],
    )
    const all = (await run.results()).length
    expect(copied.reduce((sum, { copied: tasks }) => sum + tasks, 0)).toBeLessThanOrEqual(all - done.length)
    expect(await daily(run, () => Promise.reject(new Error('nothing is to be started')))).toMatchObject({
      ...{ ok: true, numbers: { alreadyDone: true, set } },
    })
  })

  it.concurrent('fans out what takes longer than the definition lets one function work, and makes the rest itself', async () => {
    const one = await begin()
    const run = await FanOutCase.prepare(one, { backup: '', fanOut: "above: '1 s'" })
    const asked: object[] = []
    const outcome = await daily(run, async (_, input) => {
      asked.push(input)
      return 'running'
    })
    expect(outcome).toMatchObject({ ok: true, numbers: { alreadyRunning: true, fannedOut: true } })
    expect(asked).toEqual([{ database: one.database, set: outcome.numbers.set }])
    expect(await one.sets()).toEqual([])
    const small = await FanOutCase.prepare(await begin(), { backup: '' })
    const made = await daily(small, () => Promise.reject(new Error('nothing is to be started')))
    expect(made).toMatchObject({ ok: true, numbers: { tables: 4 } })
  })
})

describe('DDL that waits for the snapshot', () => {
  it.concurrent('is reported, and ends the run when no successor can pass it; then it goes on', async () => {
    const one = await begin()
    slowStore(one, 30_000)
    const run = await FanOutCase.begin(one, { limitMs: 30_000 })
    const machine = run.machine()
    const executed = machine.execute()
    await run.until(({ state }) => state === 'held')
    const migration = bench.sandbox.psql(bench.sandbox.primary.url(one.database), 'ALTER TABLE orders ADD COLUMN more int')
    const { watch } = await run.until((state) => (state.watch?.waiting.length ?? 0) > 0)
    expect(watch?.waiting).toMatchObject([{ table: 'public.orders' }])
    const end = await executed
    await machine.settled()
    await migration
    one.proxy.clear()
    await removeLate(run)
    expect(await expectWholeOrFailed(run, end)).toBe('failed')
  })
})

describe('WAL that piles up on the source', () => {
  it.concurrent('ends the run at its limit, which is named', async () => {
    const one = await begin()
    slowStore(one, 30_000)
    const { sandbox } = bench
    const slot = 'fan_out_behind'
    await sandbox.psql(sandbox.primary.adminUrl(), `SELECT pg_create_physical_replication_slot('${slot}', true)`)
    try {
      const run = await FanOutCase.begin(one, { backup: "limits: { walHeld: '1 MB' }" })
      const machine = run.machine()
      const executed = machine.execute()
      await run.until(({ state }) => state !== 'opening' && state !== 'planning')
      await sandbox.psql(
        sandbox.primary.url(one.database),
        "CREATE TABLE bulk AS SELECT repeat('x', 100) FROM generate_series(1, 50000)",
      )
      const end = await executed
      await machine.settled()
      one.proxy.clear()
      await removeLate(run)
      expect(await expectWholeOrFailed(run, end)).toBe('failed')
      expect((await run.currentState()).ended).toMatchObject({
        code: 'OverLimit',
        message: expect.stringContaining('backup.limits.walHeld'),
      })
    } finally {
      await sandbox.psql(sandbox.primary.adminUrl(), `SELECT pg_drop_replication_slot('${slot}')`)
    }
  })
})

describe('a server that would end the run', () => {
  it.concurrent('is refused before anything is begun', async () => {
    const one = await bench.begin()
    const run = await FanOutCase.prepare(one)
    const { sandbox } = bench
    const role = 'fan_out_limited'
    await sandbox.psql(
      sandbox.primary.adminUrl(),
      `DROP ROLE IF EXISTS ${role}; CREATE ROLE ${role} LOGIN PASSWORD 'x' CONNECTION LIMIT 3 IN ROLE pg_read_all_data`,
    )
    const url = new URL(sandbox.backupUrl(one.database))
    url.username = role
    url.password = 'x'
    const failure = await failureOf(beginRun(run.request, resolveConnection(String(url), {}), run.cluster))
    expect(failure).toMatchObject({ kind: 'config', code: 'Unfit' })
    expect(failure.message).toMatch(/role fan_out_limited allows 3/)
    await sandbox.psql(sandbox.primary.adminUrl(), `DROP ROLE ${role}`)
    expect(await run.runs()).toEqual([])
    expect(slotRun({ slot: 'daily', dueMs: run.request.dueMs })).toBe(run.request.run)
  })
})
