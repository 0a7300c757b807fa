import { expect, test } from 'vitest'
import { assumedRates } from '../../../../functions/backup/scale/rates.ts'
import { requestsOfObject, timeUnit } from '../../../../functions/backup/scale/unit-timing.ts'

const MiB = 1024 * 1024
/** Round numbers: a part of 8 MiB takes 1 s and a request more. */
const rates = { ...assumedRates, storeBytesPerSecond: 8 * MiB, requestSeconds: 0.1 }

test('what fits into one part is one request, after the reading', () => {
  expect(timeUnit(2, 8 * MiB, rates)).toEqual({
    readSeconds: 2,
    waitSeconds: 0,
    tailSeconds: 0,
    completeSeconds: 1.3,
    parts: 1,
  })
})

test('a store that is faster than the source holds nothing up but the begin of the upload', () => {
  const unit = timeUnit(16, 32 * MiB, rates)
  expect(unit).toMatchObject({ parts: 4, waitSeconds: expect.closeTo(0.1), tailSeconds: 0 })
  // The last part, the announcement, the completion and a look.
  expect(unit.completeSeconds).toBeCloseTo(1.1 + 0.2 + 0.2)
})

test('a store that is slower is waited for, part by part', () => {
  const unit = timeUnit(0.4, 32 * MiB, rates)
  // Filled and begun, then the first two parts; the third is on its way while the rest is read.
  expect(unit.readSeconds).toBeCloseTo(0.1 + 0.1 + 2 * 1.1 + 0.1)
  expect(unit.tailSeconds).toBeCloseTo(1.1 - 0.1)
})

test('nothing is stored for nothing', () => {
  expect(timeUnit(0, 0, rates)).toMatchObject({ readSeconds: 0, parts: 1 })
})

test('the requests of an object', () => {
  expect(requestsOfObject(1)).toEqual({ put: 1 })
  expect(requestsOfObject(4)).toEqual({ create: 1, part: 4, complete: 1, head: 1 })
})
