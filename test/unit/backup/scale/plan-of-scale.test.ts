import { describe, expect, test } from 'vitest'
import { planOfScale, type ScaleQuestion } from '../../../../functions/backup/scale/plan-of-scale.ts'
import { listPrices } from '../../../../functions/backup/scale/prices.ts'
import { assumedRates } from '../../../../functions/backup/scale/rates.ts'

const question: ScaleQuestion = {
  size: { bytes: 1e12, tables: 500 },
  ...{ connections: 24, holderSeconds: 720, rates: assumedRates, memoryBytes: 2 * 1024 ** 3 },
  limits: { durationSeconds: 43_200, snapshotAgeSeconds: 43_200, walHeldBytes: 20e9, maxConnections: 100, mostConnections: 97 },
  prices: listPrices,
}
const plan = (changed: Partial<ScaleQuestion> = {}) => planOfScale({ ...question, ...changed })
const passed = (made: ReturnType<typeof plan>) => made.limits.filter((limit) => limit.passed).map(({ what }) => what)

describe('time', () => {
  test('is the size by the rate of all workers, and a little', () => {
    const { run, workers, bound } = plan()
    const least = 1e12 / (workers * assumedRates.copyBytesPerSecond)
    expect(workers).toBe(20)
    expect(run.secondsByPhase.copy).toBeGreaterThan(least)
    expect(run.secondsByPhase.copy).toBeLessThan(least * 1.2)
    expect(run.seconds).toBeGreaterThan(run.secondsByPhase.copy)
    expect(bound).toBe('workers')
  })

  test('falls with more workers, and grows with the size', () => {
    const seconds = [5, 8, 24, 64].map((connections) => plan({ connections }).run.seconds)
    expect(seconds).toEqual(seconds.toSorted((a, b) => b - a))
    expect(plan({ size: { bytes: 2e12, tables: 500 } }).run.seconds).toBeGreaterThan(plan().run.seconds)
  })

  test('is what the store takes, where that is less than the source gives', () => {
    const { bound, run } = plan({ rates: { ...assumedRates, storeBytesPerSecond: 1e6 } })
    expect(bound).toBe('store')
    expect(run.secondsByPhase.copy).toBeGreaterThan((1e12 * 0.25) / (2 * 20 * 1e6))
  })

  test('is that of the table that cannot be cut, which no function has the time for', () => {
    const made = plan({ size: { bytes: 1e12, tables: 500, uncutBytes: 1e11 } })
    expect(made.bound).toBe('one call')
    expect(made.run.longestCall.seconds).toBeGreaterThan(1e11 / assumedRates.copyBytesPerSecond)
    expect(passed(made)).toContain('longest call: copy')
  })

  test('is that of the calls, where each has little to copy', () => {
    expect(
      plan({ size: { bytes: 1e9, tables: 10 }, rates: { ...assumedRates, startSeconds: 20, describeSeconds: 0 } }).bound,
    ).toBe('calls')
  })
})

test('a million tables are too many for one call, however small they are', () => {
  const made = plan({ size: { bytes: 1e11, tables: 1_000_000 } })
  expect(passed(made)).toContain('longest call: describe')
  expect(made.limits.find(({ what }) => what === 'longest call: describe')).toMatchObject({
    ends: true,
    fix: expect.stringContaining('VM'),
  })
})

describe('a run that is too large for its limits', () => {
  test('passes them, by name', () => {
    const made = plan({ size: { bytes: 2e14, tables: 500 }, walBytesPerSecond: 1e6 })
    expect(passed(made)).toEqual([
      ...['backup.limits.duration', 'backup.limits.snapshotAge', 'events of the execution', 'backup.limits.walHeld'],
    ])
  })

  test('holds more locks than a server has by default, with many tables', () => {
    const limit = plan({ size: { bytes: 1e12, tables: 5000 } }).limits.find(({ what }) => what.startsWith('locks'))
    expect(limit).toMatchObject({ passed: true, ends: false, fix: expect.stringContaining('max_locks_per_transaction = ') })
  })
})

test('parts of an upload never become too many: they grow', () => {
  const made = plan({ size: { bytes: 2e13, tables: 500, uncutBytes: 1e13 }, rates: { ...assumedRates, storedShare: 0.4 } })
  expect(made.run.mostParts).toBeLessThanOrEqual(10_000)
  expect(passed(made)).not.toContain('parts of one upload')
  expect(passed(made)).not.toContain('largest object')
  expect(
    passed(plan({ size: { bytes: 2e13, tables: 500, uncutBytes: 1.5e13 }, rates: { ...assumedRates, storedShare: 0.4 } })),
  ).toContain('largest object')
})

test('costs are the prices by what they are for', () => {
  const { costs, run } = plan()
  const { put, part, create, complete, list, get, head } = run.requests
  expect(costs.requests).toBeCloseTo(((put + part + create + complete + list) * 0.005 + (get + head) * 0.0004) / 1000)
  expect(costs.storageMonth).toBeCloseTo(250 * 0.023, 1)
  expect(costs.run).toBeCloseTo(costs.requests + costs.functions + costs.stateMachine)
  // Functions are at work for at least as long as workers copy, with 2 GiB.
  expect(costs.gigabyteSeconds).toBeGreaterThan((1e12 / assumedRates.copyBytesPerSecond) * 2)
})
