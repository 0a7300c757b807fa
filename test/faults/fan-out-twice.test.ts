import { setTimeout as sleep } from 'node:timers/promises'
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest'
import { type Sandbox, startSandbox } from '../../sandbox/sandbox.ts'
import { useBackupBench } from '../support/backup-bench.ts'
import { FanOutCase } from '../support/fan-out-case.ts'
import {
  atRequest,
  beforeStep,
  beginFaultScene,
  executeWith,
  expectWholeOrFailed,
  type Fault,
  type FaultEnd,
  forgottenStep,
  kill,
  leftOf,
  lose,
  refused,
  throttledStep,
} from '../support/fan-out-faults.ts'
import type { ExecutionEnd, StepAnswer, StepEvent } from '../support/fan-out-machine.ts'
import { randomFractions } from '../support/random.ts'

vi.setConfig({ maxConcurrency: 8 })
// On a server of its own, without a standby that would have to follow each of dozens of databases.
let cluster: Sandbox
beforeAll(async () => {
  cluster = await startSandbox({ pgbouncer: false, standby: false })
})
const bench = useBackupBench('fan_out_twice', { cluster: () => cluster })
const seed = Number(process.env.BALLAST_FAULT_SEED ?? 20261127)
afterAll(async () => {
  await bench.expectNoTraces()
  await cluster.stop()
})

const begin = () => beginFaultScene(bench)
const denied: [number, string] = [403, 'AccessDenied']
const failing: Fault = lose('/units/000000')

describe('twice at the same time', () => {
  it.concurrent.each([0, ...randomFractions(seed, 1)])(
    'two executions of one run (the second %f of 6 s later): one whole set',
    async (fraction) => {
      const { run, machine } = await begin()
      const ends = await Promise.all([machine.execute(), sleep(fraction * 6_000).then(() => machine.execute())])
      await machine.settled()
      const good = ends.find(({ ok }) => ok) ?? ends[0]
      expect(await expectWholeOrFailed(run, good), JSON.stringify(ends)).toBe('whole')
    },
  )

  it.concurrent('two runs of one slot: one set, and the other says that its slot is done', async () => {
    const { one, run: first, machine } = await begin()
    // Sets are named by the second.
    await sleep(1_100)
    const second = await FanOutCase.begin(one)
    expect(second.address.set).not.toBe(first.address.set)
    const machines = [machine, second.machine()]
    const ends = await Promise.all(machines.map((each) => each.execute()))
    for (const each of machines) await each.settled()
    expect(ends.map(({ ok }) => ok).sort(), JSON.stringify(ends)).toEqual([false, true])
    const [won, lost] = ends[0]?.ok ? [first, second] : [second, first]
    const end = ends.find(({ ok }) => !ok) as ExecutionEnd
    expect(end).toMatchObject({ error: expect.stringContaining('another run has done this slot') })
    expect(end).toMatchObject({ abort: { result: { published: false, remove: true } } })
    expect((await one.sets()).filter(({ state }) => state === 'complete').map(({ address }) => address.set)).toEqual([
      won.address.set,
    ])
    expect(await expectWholeOrFailed(lost, end)).toBe('failed')
    expect((await lost.currentState()).removable).toBe(true)
    await one.expectWholeSet(await won.manifest())
  })

  it.concurrent('two calls for each batch: each task once, each unit one object', async () => {
    const { run } = await begin()
    const answers: [StepEvent, StepAnswer][] = []
    const machine = run.machine({
      onAnswer: (event, answer) => answers.push([event, answer]),
      readItems: async ({ key }) => (await run.readItems(key)).flatMap((item) => [item, item]),
    })
    const end = await machine.execute()
    await machine.settled()
    expect(await expectWholeOrFailed(run, end), JSON.stringify(end)).toBe('whole')
    expect(answers.filter(([{ step }]) => step === 'copy').length).toBeGreaterThan((await run.results()).length)
  })

  it.concurrent('two calls of the end: one set', async () => {
    const scene = await begin()
    const { run, machine } = scene
    const { database, set } = run.address
    let second: Promise<StepAnswer> | undefined
    atRequest('PutObject', '/slots/', () => {
      second = machine.call({ step: 'finish', database, set })
    })(scene)
    const end = await machine.execute()
    expect(await second).toMatchObject({ result: { ok: true, numbers: { set } } })
    await machine.settled()
    expect(await expectWholeOrFailed(run, end), JSON.stringify(end)).toBe('whole')
  })
})

describe('an execution that is stopped', () => {
  it.concurrent('leaves a run that is taken up again while its snapshot lives', async () => {
    const scene = await begin()
    const { run, machine } = scene
    const stopped = Promise.withResolvers<void>()
    atRequest('PutObject', '/units/000001', () => machine.interrupt().then(stopped.resolve))(scene)
    const first = machine.execute()
    await stopped.promise
    const end = await machine.execute()
    expect(await first).toMatchObject({ ok: false })
    await machine.settled()
    expect(await expectWholeOrFailed(run, end), JSON.stringify(end)).toBe('whole')
  })

  it.concurrent('leaves nothing that lists, once the time of its last holder is over', async () => {
    const scene = await beginFaultScene(bench, { limitMs: 20_000 })
    const { one, run, machine } = scene
    atRequest('PutObject', '/units/000001', () => machine.interrupt())(scene)
    expect(await machine.execute()).toMatchObject({ ok: false })
    await machine.settled()
    const { ended } = await run.until(({ state }) => state === 'broken')
    // By the holder at its end, or by a worker that outlives it: whoever comes first.
    expect(ended).toMatchObject({
      code: 'SnapshotLost',
      message: expect.stringMatching(/^the chain of the snapshot is broken: /),
    })
    expect((await one.sets()).filter(({ state }) => state !== 'incomplete')).toEqual([])
  })
})

describe('a map whose list is lost', () => {
  it.concurrent('fails, and leaves nothing that lists', async () => {
    const scene = await beginFaultScene(bench, { limitMs: 20_000 })
    const { one, run, machine } = scene
    scene.instead = async (event, answer) => {
      if (answer !== undefined && event.step === 'await-plan') await lose('/items/')(scene)
      return undefined
    }
    expect(await machine.execute()).toMatchObject({ ok: false, status: 'FAILED' })
    // The interpreter cannot catch what fails by itself in a branch; then it is as if the execution had been stopped.
    await machine.settled()
    expect((await run.currentState()).state).not.toBe('held')
    expect((await one.sets()).filter(({ state }) => state !== 'incomplete')).toEqual([])
  })
})

describe('a run that is given up', () => {
  it.concurrent.each<[string, FaultEnd, Fault]>([
    ['as it is being published', 'whole', atRequest('PutObject', 'restore.sh', abort)],
    ['as its set is decided for', 'whole', atRequest('PutObject', 'manifest.json', abort)],
    ['as a unit is stored', 'failed', atRequest('PutObject', '/data/', abort)],
    ['before it is planned', 'failed', atRequest('PutObject', '/plan.zst', abort)],
  ])('%s is %s', async (_, expected, fault) => {
    const { scene, end } = await executeWith(bench, fault)
    expect(await expectWholeOrFailed(scene.run, end), JSON.stringify(end)).toBe(expected)
  })

  it.concurrent.each<[string, Fault]>([
    ['is killed', atRequest('GetObject', '/alerts.json', kill('abort'))],
    ['is throttled', throttledStep('abort', 2)],
    ['is not heard of', forgottenStep('abort')],
  ])('fails, and is removed, although the step that gives it up %s', async (_, fault) => {
    const { scene, end } = await executeWith(bench, async (scene) => {
      await beforeStep('finish', async () => {
        await failing(scene)
        await fault(scene)
      })(scene)
    })
    expect(await expectWholeOrFailed(scene.run, end), JSON.stringify(end)).toBe('failed')
    expect((await scene.run.currentState()).removable).toBe(true)
  })

  it.concurrent('fails, and is swept later, when it cannot be removed now', async () => {
    const { scene, end } = await executeWith(bench, async (scene) => {
      await beforeStep('finish', failing)(scene)
      await refused('DeleteObjects', '', 1_000, denied)(scene)
    })
    const { one, run } = scene
    expect(end).toMatchObject({ ok: false, status: 'FAILED', error: expect.stringMatching(/^PermanentFailure.*not whole/) })
    expect((await one.sets()).filter(({ state }) => state !== 'incomplete')).toEqual([])
    expect((await leftOf(run)).length).toBeGreaterThan(1)
  })
})

/** Somebody gives the run up, beside the machine. */
async function abort({ run, machine }: Parameters<Fault>[0]): Promise<void> {
  const { database, set } = run.address
  expect(await machine.call({ step: 'abort', database, set })).toHaveProperty('result')
}

describe('a step that is none', () => {
  it.concurrent('is refused: one that nobody knows, and one of a run that there is not', async () => {
    const { run, machine } = await begin()
    const { database, set } = run.address
    for (const event of [
      { step: 'plan', database, set },
      { step: 'copy', database, set },
      { step: 'copy', database, set, batch: 0 },
      { step: 'hold', database, set: 'x' },
      { step: 'hold', database, set, more: 1 },
    ]) {
      expect(await machine.call(event)).toMatchObject({ errorType: 'ConfigFailure' })
    }
    const unknown = { step: 'hold', database, set: '2026-11-25T060000Z-daily-20261125t0600z' }
    expect(await machine.call(unknown)).toMatchObject({ errorType: 'PermanentFailure' })
    await machine.settled()
  })

  it.concurrent('is refused of a run that was given up', async () => {
    const { run, machine } = await begin()
    const { database, set } = run.address
    const holding = machine.call({ step: 'hold', database, set })
    await run.until(({ state }) => state === 'held')
    expect(await machine.call({ step: 'abort', database, set })).toEqual({ result: { published: false, remove: true } })
    expect(await holding).toEqual({ result: { more: false, waitSeconds: 0 } })
    for (const step of [{ step: 'copy', batch: 1 }, { step: 'describe' }, { step: 'await-plan' }, { step: 'finish' }]) {
      expect(await machine.call({ ...step, database, set })).toMatchObject({ errorType: 'PermanentFailure' })
    }
    expect(await machine.call({ step: 'hold', database, set })).toEqual({ result: { more: false, waitSeconds: 0 } })
    await machine.settled()
  })
})
