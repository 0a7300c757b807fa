import { describe, expect, it } from 'vitest'
import { FanOutCase } from '../support/fan-out-case.ts'
import { expectWholeOrFailed } from '../support/fan-out-faults.ts'
import { fingerprint } from '../support/fault-database.ts'
import { slowUnits, storedPause, usePausedBench } from '../support/paused-bench.ts'
import { other, pausable } from '../support/paused-cluster.ts'

const scene = usePausedBench('fan_out_paused')

/** Writes more than a standby may be behind, and lets its readers be in the way of replay: every row is another's now. */
const writeMuch = (database: string) =>
  scene.paused.onPrimary(
    `CREATE TABLE bulk AS SELECT repeat('x', 1000) AS x FROM generate_series(1, 15000);
    DELETE FROM customers WHERE id % 3 = 0 AND id NOT IN (SELECT customer FROM orders); DELETE FROM events; VACUUM events; VACUUM customers`,
    database,
  )

const told = () => scene.paused.hook.requests.map(({ body }) => JSON.parse(body) as { type: string; key: string; text: string })

describe('a run that pauses its replica', () => {
  it('takes what was there then, whatever is written and vacuumed meanwhile, excuses the lag of that replica alone, and resumes it', async () => {
    const run = await scene.begin()
    const { one } = run
    slowUnits(one, 2_500)
    const machine = run.machine()
    const executed = machine.execute()
    const { replayPaused, server } = await run.until(({ state }) => state === 'held')
    expect(replayPaused?.node).toBe(pausable)
    expect(server?.host).toBe('127.0.0.12')
    expect(await scene.paused.pauseState()).toBe('paused')
    const rows = await fingerprint(scene.paused.sandbox, scene.paused.sandbox.standby.adminUrl(one.database))
    await writeMuch(one.database)
    // The other one is paused by somebody.
    await scene.paused.onStandby('SELECT pg_wal_replay_pause()', 1)
    await scene.paused.onPrimary("INSERT INTO bulk SELECT repeat('y', 1000) FROM generate_series(1, 15000)", one.database)
    const laterMs = 20_000
    const meanwhile = await scene.paused.poll(run.cluster, run.env, laterMs)
    expect(meanwhile.find(pausable, 'replay')).toMatchObject({
      status: 'ok',
      finding: expect.stringContaining(run.address.set),
    })
    expect(meanwhile.find(pausable, 'lag')).toMatchObject({
      status: 'ok',
      finding: expect.stringMatching(/^\d\d(\.\d)? MB behind.*paused for a backup$/),
    })
    expect(meanwhile.find(pausable, 'standby')).toMatchObject({ status: 'ok' })
    expect(meanwhile.find(other, 'lag')).toMatchObject({ status: 'fail' })
    expect(meanwhile.find(other, 'replay')).toMatchObject({ status: 'fail', finding: 'paused, and not by a backup' })
    expect(meanwhile.outcome.numbers.replayPausedSeconds).toBeGreaterThanOrEqual(laterMs / 1000)
    const end = await executed
    await machine.settled()
    one.proxy.clear()
    expect(end, JSON.stringify(end)).toMatchObject({
      ok: true,
      outcome: { numbers: { replayPausedSeconds: expect.any(Number) } },
    })
    await one.expectWholeSet(await run.manifest(), rows)
    expect((await run.manifest()).summary.sourceRole).toBe('standby')
    expect((await run.currentState()).watch?.mostWalHeldBytes).toBeGreaterThan(0)
    expect(await scene.paused.pauseState()).toBe('not paused')
    expect(await storedPause(run)).toMatchObject({ users: [], resumedMs: expect.any(Number) })
    await scene.paused.poll(run.cluster, run.env, 3_600_000)
    expect(await scene.paused.pauseState(1)).toBe('paused')
  })

  it('resumes it when its holder is killed and it is aborted', async () => {
    const run = await scene.begin()
    const machine = run.machine()
    run.one.proxy.inject({
      ...{ operation: 'PutObject', key: '/data/' },
      fault: { type: 'meanwhile', run: async () => void machine.kill('hold') },
    })
    const end = await machine.execute()
    await machine.settled()
    expect(await expectWholeOrFailed(run, end)).toBe('failed')
    expect(await scene.paused.pauseState()).toBe('not paused')
    expect(await storedPause(run)).toMatchObject({ users: [], resumedMs: expect.any(Number) })
  })

  it('leaves it to another run that needs it, which resumes it then', async () => {
    const first = await scene.begin()
    first.one.database = await scene.bench.freshDatabase()
    await scene.paused.sandbox.waitForStandby()
    const second = await FanOutCase.begin(first.one, scene.paused.options())
    const machines = [first.machine(), second.machine()]
    const holding = []
    for (const [index, run] of [first, second].entries()) {
      const { database, set } = run.address
      holding.push(machines[index]?.call({ step: 'hold', database, set }))
      await run.until(({ state }) => state === 'held')
    }
    expect((await storedPause(first))?.users).toHaveLength(2)
    await machines[0]?.call({ step: 'abort', database: first.address.database, set: first.address.set })
    await holding[0]
    expect(await scene.paused.pauseState()).toBe('paused')
    expect((await storedPause(first))?.users.map(({ database }) => database)).toEqual([second.address.database])
    await machines[1]?.call({ step: 'abort', database: second.address.database, set: second.address.set })
    await holding[1]
    expect(await scene.paused.pauseState()).toBe('not paused')
    for (const machine of machines) await machine.settled()
  })
})

describe('a run of which nothing is left', () => {
  const resumeAfterMs = 60_000
  const leaseMarginMs = 120_000

  /** Kills all that is at work on a run whose replica is paused, and starts nothing any more. */
  async function killAll(run: FanOutCase, at: string): Promise<void> {
    const machine = run.machine()
    const isKilled = new Promise<void>((resolve) => {
      const kill = async (): Promise<void> => {
        await machine.interrupt()
        for (const step of ['copy', 'describe', 'await-plan', 'hold']) await machine.kill(step)
        resolve()
      }
      run.one.proxy.inject({ operation: 'PutObject', key: at, fault: { type: 'meanwhile', run: kill } })
    })
    const executed = machine.execute()
    await isKilled
    await machine.settled()
    await executed.catch(() => undefined)
    run.one.proxy.clear()
  }

  it.each([
    ['holds', '/data/', 'held'],
    ['plans', '/plan.zst', 'planning'],
    ['is about to pause', '/replay-pause.json', 'planning'],
  ])(
    'and whose holder was killed while it %s: the operation replication resumes it, and says so once',
    async (_, at, state) => {
      const run = await scene.begin()
      await killAll(run, at)
      const { state: left, endMs = 0, ended } = await run.currentState()
      expect(left, ended?.message).toBe(state)
      const wasPaused = (await scene.paused.pauseState()) !== 'not paused'
      expect(wasPaused).toBe(at !== '/replay-pause.json')

      const laterMs = endMs - Date.now() + leaseMarginMs
      const before = await scene.paused.poll(run.cluster, run.env, laterMs - 5_000)
      expect(before.find(pausable, 'replay')?.status).toBe('ok')
      expect(await scene.paused.pauseState()).toBe(wasPaused ? 'paused' : 'not paused')
      const over = await scene.paused.poll(run.cluster, run.env, laterMs + 5_000)
      expect(over.find(pausable, 'replay')?.status).toBe('ok')
      expect(await scene.paused.pauseState()).toBe(wasPaused ? 'paused' : 'not paused')
      if (wasPaused) {
        // Nothing is resumed while nobody can tell whose the pause is.
        const refuse = { type: 'refuse', status: 403, code: 'AccessDenied' } as const
        run.one.proxy.inject({ operation: 'GetObject', key: 'replay-pause.json', fault: refuse })
        const blind = await scene.paused.poll(run.cluster, run.env, laterMs + resumeAfterMs + 8_000)
        expect(blind.find(pausable, 'replay')).toMatchObject({
          status: 'fail',
          finding: expect.stringContaining('cannot be read'),
        })
        expect(await scene.paused.pauseState()).toBe('paused')
        run.one.proxy.clear()
      }
      const after = await scene.paused.poll(run.cluster, run.env, laterMs + resumeAfterMs + 10_000)
      expect(await scene.paused.pauseState()).toBe('not paused')
      const again = await scene.paused.poll(run.cluster, run.env, laterMs + resumeAfterMs + 70_000)
      expect(again.find(pausable, 'replay')?.status).toBe('ok')
      const raised = told().filter(({ type, key }) => type === 'raise' && key === `replication/${pausable}`)
      if (wasPaused) {
        expect(after.find(pausable, 'replay')).toMatchObject({
          status: 'warn',
          finding: expect.stringContaining('it was resumed now'),
        })
        expect(raised).toHaveLength(1)
        expect(raised[0]?.text).toContain('nobody had resumed it')
      } else expect(raised).toEqual([])

      // From now on a pause is somebody else's.
      await scene.paused.onStandby('SELECT pg_wal_replay_pause()')
      const byHand = await scene.paused.poll(run.cluster, run.env, laterMs + 3_600_000)
      expect(byHand.find(pausable, 'replay')).toMatchObject({ status: 'fail', finding: 'paused, and not by a backup' })
      expect(await scene.paused.pauseState()).toBe('paused')
    },
  )
})
