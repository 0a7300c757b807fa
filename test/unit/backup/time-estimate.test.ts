import fc from 'fast-check'
import { expect, test } from 'vitest'
import { assumeTime, estimateTime, refuseTooLong } from '../../../functions/backup/time-estimate.ts'

const set = (seconds: number, rawBytes: number, rows = 1000) => ({
  ...{ startedAt: new Date(0).toISOString(), finishedAt: new Date(seconds * 1000).toISOString(), rawBytes, rows },
})

test('nothing to go by, nothing said', () => {
  expect(estimateTime([], 1000)).toBeUndefined()
  expect(estimateTime([set(0, 100)], 1000)).toBeUndefined()
  expect(() => refuseTooLong('shop/app', undefined, 0)).not.toThrow()
})

test('the newest size at the best of the last rates', () => {
  const sets = [set(100, 1e9), set(10, 1e9), set(1000, 1e9)]
  expect(estimateTime(sets, 1000)).toEqual({ rawBytes: 1e9, bytesPerSecond: 1e8, seconds: 10 })
})

test('only the last five count', () => {
  const slow = Array.from({ length: 5 }, () => set(100, 1e9))
  expect(estimateTime([...slow, set(1, 1e9)], 1000)?.seconds).toBe(100)
})

test('it grows with the number of rows, unless the server does not know it', () => {
  expect(estimateTime([set(10, 1e9)], 3000)?.seconds).toBe(30)
  expect(estimateTime([set(10, 1e9)], 0)?.seconds).toBe(10)
  expect(estimateTime([set(10, 1e9, 0)], 3000)?.seconds).toBe(10)
})

test('the rate is that of the sets that are said to count, the size that of the newest', () => {
  const [byMany, byOne] = [set(10, 4e9), set(100, 1e9)]
  expect(estimateTime([byMany, byOne], 1000, [byOne])).toEqual({ rawBytes: 4e9, bytesPerSecond: 1e7, seconds: 400 })
  expect(estimateTime([byMany], 1000, [])).toBeUndefined()
})

test('without a set the size on disk is what there is to go by', () => {
  expect(assumeTime(50e9).seconds).toBe(2000)
})

test('what cannot come to its end is refused, with the numbers and what to do', () => {
  const estimate = estimateTime([set(600, 6e10)], 2000)
  expect(() => refuseTooLong('shop/app', estimate, 1201)).not.toThrow()
  expect(() => refuseTooLong('shop/app', estimate, 900)).toThrow(
    expect.objectContaining({
      ...{ kind: 'permanent', code: 'TooLong', subject: 'shop/app', hint: expect.stringContaining('systemd timer') },
      message: '120000 MB of rows at 100 MB/s, the best rate of its last sets, take 20.0 min, and this run has 15.0 min',
    }),
  )
})

test('one slow night never refuses what a faster one has done', () => {
  fc.assert(
    fc.property(
      fc.array(fc.integer({ min: 1, max: 100_000 }), { minLength: 1, maxLength: 5 }),
      fc.integer({ min: 1, max: 1e9 }),
      (seconds, bytes) => {
        const estimate = estimateTime(
          seconds.map((one) => set(one, bytes)),
          1000,
        )
        expect(() => refuseTooLong('s', estimate, Math.min(...seconds) * 1.000001)).not.toThrow()
      },
    ),
  )
})
