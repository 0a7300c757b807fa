import { setTimeout as sleep } from 'node:timers/promises'
import { afterEach, describe, expect, it } from 'vitest'
import { useBackupBench } from '../support/backup-bench.ts'
import { FanOutCase } from '../support/fan-out-case.ts'
import { expectWholeOrFailed } from '../support/fan-out-faults.ts'
import type { ExecutionEnd, StepAnswer, StepEvent } from '../support/fan-out-machine.ts'
import { randomFractions } from '../support/random.ts'

const bench = useBackupBench('fan_out_twice')
const seed = Number(process.env.BALLAST_FAULT_SEED ?? 20261127)

afterEach(() => bench.expectNoTraces())

describe('twice at the same time', () => {
  it.each(randomFractions(seed, 1))(
    'two state machines on one run (the second %f of 6 s later): one whole set',
    async (fraction) => {
      const one = await bench.begin()
      const run = await FanOutCase.begin(one)
      const [first, second] = [run.machine(), run.machine()]
      const ends = await Promise.all([first.execute(), sleep(fraction * 6_000).then(() => second.execute())])
      await Promise.all([first.settled(), second.settled()])
      const good = ends.find(({ ok }) => ok) ?? ends[0]
      expect(await expectWholeOrFailed(run, good), JSON.stringify(ends)).toBe('whole')
    },
  )

  it('two runs of one slot: one set, and the other says that its slot is done', async () => {
    const one = await bench.begin()
    const first = await FanOutCase.begin(one)
    // Sets are named by the second.
    await sleep(1_100)
    const second = await FanOutCase.begin(one)
    expect(second.address.set).not.toBe(first.address.set)
    const machines = [first.machine(), second.machine()]
    const ends = await Promise.all(machines.map((machine) => machine.execute()))
    for (const machine of machines) await machine.settled()
    expect(ends.map(({ ok }) => ok).sort(), JSON.stringify(ends)).toEqual([false, true])
    const [won, lost] = ends[0]?.ok ? [first, second] : [second, first]
    const end = ends.find(({ ok }) => !ok) as ExecutionEnd
    expect(JSON.stringify(end)).toContain('another run has done this slot')
    expect(end).toMatchObject({ abort: { result: { published: false, remove: true } } })
    expect((await one.sets()).filter(({ state }) => state === 'complete').map(({ address }) => address.set)).toEqual([
      won.address.set,
    ])
    expect(await expectWholeOrFailed(lost, end)).toBe('failed')
    await one.expectWholeSet(await won.manifest())
  })

  it('two calls for each batch: each task once, each unit one object', async () => {
    const one = await bench.begin()
    const run = await FanOutCase.begin(one)
    const answers: [StepEvent, StepAnswer][] = []
    const machine = run.machine({
      onAnswer: (event, answer) => answers.push([event, answer]),
      readItems: async (items) => (await run.readItems(items.key)).flatMap((item) => [item, item]),
    })
    const end = await machine.execute()
    await machine.settled()
    expect(await expectWholeOrFailed(run, end), JSON.stringify(end)).toBe('whole')
    expect(answers.filter(([{ step }]) => step === 'copy').length).toBeGreaterThan((await run.results()).length)
  })
})

describe('a run that is stopped from outside', () => {
  it('ends its holders, refuses every further step, and leaves nothing when it is removed', async () => {
    const one = await bench.begin()
    const run = await FanOutCase.begin(one)
    const machine = run.machine()
    const { database, set } = run.address
    const holding = machine.call({ step: 'hold', database, set })
    await run.until(({ state }) => state === 'held')
    expect(await machine.call({ step: 'abort', database, set })).toEqual({ result: { published: false, remove: true } })
    expect(await holding).toEqual({ result: { more: false, waitSeconds: 0 } })
    for (const step of [{ step: 'copy', batch: 1 }, { step: 'describe' }, { step: 'await-plan' }, { step: 'finish' }]) {
      expect(await machine.call({ ...step, database, set })).toMatchObject({ errorType: 'PermanentFailure' })
    }
    expect(await machine.call({ step: 'hold', database, set })).toEqual({ result: { more: false, waitSeconds: 0 } })
    const stopped = { ok: false as const, error: 'stopped', abort: { result: { published: false, remove: true } } }
    expect(await expectWholeOrFailed(run, stopped)).toBe('failed')
  })

  it('is refused a step that it does not know, and a run that there is not', async () => {
    const one = await bench.begin()
    const run = await FanOutCase.begin(one)
    const machine = run.machine()
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
  })
})
