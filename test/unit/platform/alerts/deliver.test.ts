import { expect, test } from 'vitest'
import { nextWaitMs } from '../../../../functions/platform/alerts/deliver.ts'
import { Failure, type FailureKind } from '../../../../functions/platform/failure.ts'

const limits = { attempts: 4, attemptMs: 10_000, deliveryMs: 30_000, backoffMs: 500 }
const wait = (kind: FailureKind, attempt: number, random: number, retryAfterSeconds?: number) =>
  nextWaitMs(
    {
      ...{ delivered: false, failure: new Failure('no', { kind, subject: 's', hint: 'h' }) },
      ...(retryAfterSeconds === undefined ? {} : { retryAfterSeconds }),
    },
    attempt,
    limits,
    random,
  )

test('waits double, with jitter', () => {
  expect([1, 2, 3].map((attempt) => wait('transient', attempt, 0))).toEqual([250, 500, 1000])
  expect([1, 2, 3].map((attempt) => wait('transient', attempt, 1))).toEqual([500, 1000, 2000])
})

test('attempts end, and what does not pass is not tried again', () => {
  expect(wait('transient', 4, 0)).toBeUndefined()
  expect((['config', 'permanent', 'bug'] as const).map((kind) => wait(kind, 1, 0))).toEqual([undefined, undefined, undefined])
})

test('the receiver says how long at least', () => {
  expect(wait('transient', 1, 1, 7)).toBe(7000)
  expect(wait('transient', 3, 1, 0.1)).toBe(2000)
})
