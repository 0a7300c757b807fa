import { describe, expect, it } from 'vitest'
import { checkPausedReplica } from '../../cli/doctor/check-paused-replica.ts'
import { beginRun } from '../../functions/backup/fan-out/start-run.ts'
import { scheduledBackup } from '../../functions/backup/scheduled-backup.ts'
import type { Failure } from '../../functions/platform/failure.ts'
import { resolveConnection } from '../../functions/platform/postgres/connection.ts'
import { removeRun } from '../../functions/retention/remove-run.ts'
import { roles } from '../../sandbox/data.ts'
import { failureOf } from '../support/failures.ts'
import { expectWholeOrFailed } from '../support/fan-out-faults.ts'
import { slowUnits, usePausedBench } from '../support/paused-bench.ts'
import { pausable } from '../support/paused-cluster.ts'
import { followPort } from '../support/standby-link.ts'
import { startTcpProxy } from '../support/tcp-proxy.ts'

const scene = usePausedBench('fan_out_unpaused')

describe('a run that must not pause its replica', () => {
  const refused = async (before?: () => Promise<unknown>): Promise<Failure> => {
    const run = await scene.prepare()
    await before?.()
    const failure = await failureOf(beginRun(run.request, resolveConnection(run.env.DATABASE_URL ?? '', {}), run.cluster))
    expect(await run.runs()).toEqual([])
    return failure
  }

  it('because somebody else has paused it', async () => {
    const pause = () => scene.paused.onStandby('SELECT pg_wal_replay_pause()')
    expect(await refused(pause)).toMatchObject({ kind: 'config', code: 'PausedByOthers', subject: pausable })
    expect(await scene.paused.pauseState()).toBe('paused')
  })

  it.each([
    ['pause', `REVOKE EXECUTE ON FUNCTION pg_wal_replay_pause() FROM ${roles.backup}`, roles.backup],
    ['resume after a crash', `REVOKE EXECUTE ON FUNCTION pg_wal_replay_resume() FROM ${roles.monitor}`, roles.monitor],
  ])('because nobody may %s, with the statement that grants it', async (_, revoke, role) => {
    await scene.paused.onPrimary(revoke)
    const failure = await refused()
    expect(failure).toMatchObject({ kind: 'config', code: 'Unfit', subject: role })
    const run = await scene.prepare()
    const doctor = () => checkPausedReplica(run.cluster, run.env, run.request.signal)
    expect(await doctor()).toMatchObject([{ subject: pausable, name: 'pause', status: 'warn', fix: failure.hint }])
    const [, statements = ''] = / run: (.*)$/.exec(failure.hint) ?? []
    await scene.paused.onPrimary(statements)
    await scene.paused.sandbox.waitForStandby()
    expect(await doctor()).toMatchObject([{ name: 'pause', status: 'ok' }])
    expect((await scene.begin()).address.set).not.toBe('')
  })

  it('because commits would hang', async () => {
    await scene.paused.onPrimary(`ALTER SYSTEM SET synchronous_standby_names = '"${pausable}"'; SELECT pg_reload_conf()`)
    await scene.paused.onPrimary(`ALTER ROLE app SET synchronous_commit = 'remote_apply'`)
    try {
      await expect
        .poll(() => scene.paused.onPrimary(`SELECT sync_state FROM pg_stat_replication WHERE application_name = '${pausable}'`))
        .toBe('sync')
      const failure = await refused()
      expect(failure).toMatchObject({ kind: 'config', code: 'Unfit', subject: 'synchronous_standby_names' })
      expect(failure.message).toContain('commits on the primary would hang')
    } finally {
      await scene.paused.onPrimary('ALTER SYSTEM RESET synchronous_standby_names; SELECT pg_reload_conf()')
      await scene.paused.onPrimary('ALTER ROLE app RESET synchronous_commit')
    }
  })
})

describe('a replica that a run has paused', () => {
  it('is no source of a backup in one function that is due later: what was written since would be missing', async () => {
    const run = await scene.begin()
    const machine = run.machine()
    const { database, set } = run.address
    const holding = machine.call({ step: 'hold', database, set })
    const { server } = await run.until(({ state }) => state === 'held')
    const url = new URL(run.env.DATABASE_URL ?? '')
    url.host = `${server?.host}:${server?.port}`
    const dueMs = Math.ceil(Date.now() / 60_000) * 60_000
    const later = { cluster: run.cluster, slot: 'daily', dueMs, env: { ...run.env, DATABASE_URL: String(url) } }
    const outcome = await scheduledBackup({ ...later, signal: run.request.signal, note: () => undefined })
    expect(outcome).toMatchObject({ ok: false, failure: { kind: 'transient', code: 'RunAtWork' } })
    await machine.call({ step: 'abort', database, set })
    await holding
    await machine.settled()
    expect(await scheduledBackup({ ...later, signal: run.request.signal, note: () => undefined })).toMatchObject({ ok: true })
  })
})

describe('WAL that the replica does not even receive any more', () => {
  it('ends the run at its limit: a replica whose replay is paused does not connect again', async () => {
    const { sandbox } = scene.paused
    const proxy = await startTcpProxy({ host: '127.0.0.1', port: sandbox.primary.port })
    try {
      await followPort(sandbox, sandbox.standby, proxy.port)
      await expect.poll(() => proxy.open, { timeout: 30_000 }).toBe(1)
      const run = await scene.begin({ backup: "limits: { walHeld: '5 MB' }" })
      slowUnits(run.one, 15_000)
      const machine = run.machine()
      const executed = machine.execute()
      await run.until(({ state }) => state === 'held')
      proxy.cut()
      await expect.poll(() => scene.paused.onStandby('SELECT count(*) FROM pg_stat_wal_receiver')).toBe('0')
      await scene.paused.onPrimary(
        "CREATE TABLE bulk AS SELECT repeat('x', 1000) FROM generate_series(1, 10000)",
        run.address.database,
      )
      const end = await executed
      await machine.settled()
      run.one.proxy.clear()
      // What was being stored as the run was given up is there after its removal, which is as safe the second time.
      await removeRun(run.one.truth, run.address)
      expect(await expectWholeOrFailed(run, end)).toBe('failed')
      expect((await run.currentState()).ended, JSON.stringify(end)).toMatchObject({
        code: 'OverLimit',
        message: expect.stringContaining('backup.limits.walHeld'),
      })
      expect(await scene.paused.pauseState()).toBe('not paused')
      await expect.poll(() => proxy.open, { timeout: 30_000 }).toBe(1)
    } finally {
      await followPort(sandbox, sandbox.standby, sandbox.primary.port)
      await proxy.stop()
    }
  })
})
