import { describe, expect, test, vi } from 'vitest'
import { setPrefix, unitFile } from '../../../functions/archive/keys.ts'
import { readObject } from '../../../functions/archive/read-set.ts'
import type { Outcome } from '../../../functions/platform/outcome.ts'
import { resolveConnection } from '../../../functions/platform/postgres/connection.ts'
import { verify } from '../../../functions/verify/verify.ts'
import { doneBy, useFanRestoreBench } from '../../support/fan-restore-bench.ts'
import { randomKills } from '../../support/random-kills.ts'
import type { StepAnswer, StepEvent } from '../../support/step-calls.ts'

// Dozens of processes, several at a time.
vi.setConfig({ testTimeout: 400_000, hookTimeout: 200_000 })
const bench = useFanRestoreBench('fan_restore')

describe('a verification by many workers', () => {
  test('finds a set with every kind of object equal, as one function does, and leaves nothing', async () => {
    const answers: [StepEvent, StepAnswer][] = []
    const machine = (await bench.restores()).machine({ onAnswer: (event, answer) => answers.push([event, answer]) })
    const end = await machine.execute()
    expect(end, JSON.stringify({ end, answers })).toMatchObject({ outcome: { ok: true, operation: 'verify' } })
    expect(end.failed).toBeUndefined()
    expect(await bench.left()).toBe('')
    const [found, ...more] = await bench.evidence()
    expect(more).toEqual([])
    const report = await verify({
      ...{
        store: bench.one.restoreOptions(bench.address, { target: bench.one.connection }).store,
        address: bench.address,
        jobs: 2,
      },
      ...{ target: resolveConnection(bench.into('postgres'), {}), env: bench.one.options().env },
    })
    expect(report).toMatchObject({ equal: true, findings: [] })
    expect(found).toMatchObject({ verdict: 'equal', compared: report.compared, findings: [], notes: report.notes })
    expect(found?.restoredInto).toEqual(report.restoredInto)
    expect(doneBy(answers).filter((done) => done > 0).length).toBeGreaterThanOrEqual(3)
  })

  test('tells the same when its last step is called again, and adds no second evidence', async () => {
    const machine = (await bench.restores()).machine()
    const { workers, startedMs } = await machine.prepare()
    expect(await machine.prepare()).toMatchObject({ workers, startedMs })
    const early = await machine.calls.call({ step: 'finish', ...bench.run(null), startedMs })
    expect(early).toMatchObject({
      errorType: 'PermanentFailure',
      errorMessage: expect.stringMatching(/not all of it was done/),
    })
    const before = (await bench.evidence()).length
    await machine.work()
    const first = (await machine.task('finish', { startedMs })) as Outcome
    const second = (await machine.task('finish', { startedMs })) as Outcome
    expect(first).toMatchObject({ ok: true })
    expect({ ...second, numbers: { ...second.numbers, seconds: 0 } }).toEqual({
      ...first,
      numbers: { ...first.numbers, seconds: 0 },
    })
    expect(await bench.evidence()).toHaveLength(before + 1)
    expect(await bench.left()).toBe('')
  })

  test('is given up without a trace, however often that is interrupted, and proves nothing', async () => {
    const before = (await bench.evidence()).length
    const { onStart, killed } = randomKills(3, { abort: 3 })
    const machine = (await bench.restores()).machine({ limitMs: 8_000, onStart, attempts: 10 })
    await machine.prepare()
    await machine.calls.call({ step: 'work', ...bench.run(null) })
    expect(await bench.left()).not.toBe('')
    const error = { Error: 'PermanentFailure', Cause: JSON.stringify({ errorMessage: 'work set: it broke' }) }
    const outcome = (await machine.task('abort', { error })) as Outcome
    expect(outcome).toMatchObject({ ok: false, operation: 'verify', failure: { message: expect.stringContaining('it broke') } })
    expect(await bench.left()).toBe('')
    expect(killed.abort).toBeGreaterThanOrEqual(1)
    expect(await machine.task('abort')).toMatchObject({ ok: false })
    expect(await machine.calls.call({ step: 'work', ...bench.run(null) })).toMatchObject({ errorType: 'PermanentFailure' })
    expect(await bench.evidence()).toHaveLength(before)
  })

  test('finds a damaged unit, and no evidence says equal', async () => {
    const before = await bench.evidence()
    const { unit } = bench.manifest.tables.find(({ chunks }) => chunks.length > 0)?.chunks[0] ?? { unit: 0 }
    const key = setPrefix(bench.address) + unitFile(unit)
    const whole = await readObject(bench.one.truth, key)
    const damaged = Buffer.from(whole)
    damaged.writeUInt8(damaged.readUInt8(whole.length >> 1) ^ 0xff, whole.length >> 1)
    await bench.one.truth.put(key, damaged, {})
    try {
      const { outcome } = await (await bench.restores()).machine().execute()
      expect(outcome).toMatchObject({
        ok: false,
        failure: { kind: 'unwell', message: expect.stringContaining(unitFile(unit)) },
      })
      const added = (await bench.evidence()).slice(before.length)
      expect(added).toMatchObject([{ verdict: 'different', compared: { tables: 0 } }])
      expect(await bench.left()).toBe('')
    } finally {
      await bench.one.truth.put(key, whole, {})
    }
  })
})

describe('calls that are killed', () => {
  test.each([1, 2])('at any moment, and repeated, neither lose a row nor double one (%s)', async (seed) => {
    const { onStart, killed } = randomKills(seed, { prepare: 4, work: 14, finish: 5 })
    const before = (await bench.evidence()).length
    const end = await (await bench.restores()).machine({ onStart, attempts: 40 }).execute()
    expect(end, JSON.stringify(end)).toMatchObject({ outcome: { ok: true, operation: 'verify' } })
    // Late ones may find their call at its end.
    expect(Math.min(...Object.values(killed)), JSON.stringify(killed)).toBeGreaterThanOrEqual(1)
    expect(killed.work, JSON.stringify(killed)).toBeGreaterThanOrEqual(7)
    expect(await bench.evidence()).toHaveLength(before + 1)
    expect(await bench.left()).toBe('')
  })
})
