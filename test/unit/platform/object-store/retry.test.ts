import { describe, expect, it } from 'vitest'
import { Failure, type FailureKind } from '../../../../functions/platform/failure.ts'
import { defaultLimits } from '../../../../functions/platform/object-store/limits.ts'
import { nextAttempt } from '../../../../functions/platform/object-store/s3/retry.ts'

function failure(kind: FailureKind, code: string): Failure {
  return new Failure('It failed', { kind, code, subject: 's3://bucket/key', hint: 'Wait.' })
}

describe('nextAttempt', () => {
  it('waits twice as long each time, up to ten seconds, and gives up at last', () => {
    const limits = { ...defaultLimits, attempts: 9 }
    const waits = [1, 2, 3, 4, 5, 6, 7, 8, 9].map((attempt) =>
      nextAttempt(failure('transient', 'SlowDown'), attempt, limits, 1),
    )
    expect(waits).toEqual([300, 600, 1200, 2400, 4800, 9600, 10_000, 10_000, undefined])
  })

  it('spreads the waits of many clients over half the time', () => {
    expect(nextAttempt(failure('transient', 'SlowDown'), 3, defaultLimits, 0)).toBe(600)
    expect(nextAttempt(failure('transient', 'SlowDown'), 3, defaultLimits, 0.5)).toBe(900)
  })

  it.each<[FailureKind, string, attempts: number]>([
    ['transient', 'InternalError', 6],
    ['transient', 'ECONNRESET', 6],
    ['transient', 'TimeoutError', 2],
    ['permanent', 'RequestTimeTooSkewed', 2],
    ['permanent', 'AccessDenied', 1],
    ['permanent', 'NoSuchKey', 1],
    ['config', 'NoCredentials', 1],
    ['bug', 'Whatever', 1],
    ['transient', 'Aborted', 1],
    ['transient', 'NoSuchUpload', 1],
    ['transient', 'ObjectChanged', 1],
  ])('makes of a %s %s %i attempts', (kind, code, attempts) => {
    let made = 1
    while (nextAttempt(failure(kind, code), made, defaultLimits, 0.5) !== undefined) made += 1
    expect(made).toBe(attempts)
  })
})
