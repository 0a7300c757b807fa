import { expect, test } from 'vitest'
import type { Outcome } from '../../../../functions/platform/outcome.ts'
import type { Lag } from '../../../../functions/replication/lag-verdict.ts'
import { replicationOutcome } from '../../../../functions/replication/replication-outcome.ts'
import { pollOf } from '../../../../functions/runtime/history/poll.ts'

const good: Outcome = { operation: 'replication', subject: 'shop', ok: true, numbers: {} }

/** What a poll of replication leaves that found these lags. */
function polled(...lags: (Lag | undefined)[]): Outcome {
  const named = lags.map((lag, index) => ({ node: `db-${index + 2}`, lag }))
  return replicationOutcome('replication', 'shop', { checks: [], lags: named })
}
const atMs = Date.parse('2026-11-22T10:00:00Z')

function unwell(message: string, details: unknown): Outcome {
  return { ...good, ok: false, failure: { kind: 'unwell', message, hint: 'h' }, details }
}

test('a good run', () => {
  expect(pollOf(good, atMs)).toEqual({ atMs, result: 'good', failedChecks: [] })
})

test('a poll of replication keeps the worst lag of all replicas, each measure by itself', () => {
  const [far, late] = [
    { bytes: 1200, atLeastSeconds: 0.25, atMostSeconds: 3 },
    { bytes: 900, atLeastSeconds: 4, atMostSeconds: undefined },
  ]
  const worst = { lagBytes: 1200, lagSeconds: 4 }
  expect(pollOf(polled(far, undefined, late), atMs)).toEqual({ atMs, result: 'good', ...worst, failedChecks: [] })
})

test('a lag that no replica is known to have is none, and not zero', () => {
  expect(pollOf(polled(undefined, undefined), atMs)).not.toHaveProperty('lagBytes')
  expect(pollOf(polled({ bytes: 0, atLeastSeconds: undefined, atMostSeconds: 0 }), atMs)).toEqual({
    ...{ atMs, result: 'good', lagBytes: 0, failedChecks: [] },
  })
})

test('a run that went well over a thing that is not is bad, and names the checks that failed, each once', () => {
  const check = (subject: string, name: string, status: string) => ({ subject, name, status, finding: 'f' })
  const checks = [
    check('db-2', 'lag', 'fail'),
    check('db-3', 'lag', 'warn'),
    check('db-2', 'lag', 'fail'),
    check('db-3', 'slot', 'fail'),
  ]
  expect(pollOf(unwell('db-2: lag', { checks }), atMs)).toMatchObject({
    ...{ result: 'bad', message: 'db-2: lag', failedChecks: ['db-2: lag', 'db-3: slot'] },
  })
})

test.each(['config', 'transient', 'permanent', 'bug'] as const)('a run that ended with a %s failure has failed', (kind) => {
  expect(pollOf({ ...good, ok: false, failure: { kind, message: 'm', hint: 'h' } }, atMs).result).toBe('failed')
})

test.each(['much', true, Number.NaN, -1, Number.POSITIVE_INFINITY])('what is no lag is not taken for one: %s', (lagBytes) => {
  expect(pollOf({ ...good, numbers: { lagBytes } }, atMs)).not.toHaveProperty('lagBytes')
})

test('long messages and many checks are cut', () => {
  const checks = Array.from({ length: 40 }, (_, index) => ({
    subject: `${index}`.repeat(90),
    name: 'n',
    status: 'fail',
    finding: 'f',
  }))
  const { message, failedChecks } = pollOf(unwell('m'.repeat(5000), { checks }), atMs)
  expect(message).toHaveLength(300)
  expect(failedChecks).toHaveLength(4)
  expect(failedChecks.every((name) => name.length <= 80)).toBe(true)
})

test.each([[undefined], [null], ['text'], [{ checks: 'none' }], [{ checks: [1] }]])(
  'details that hold no checks: %j',
  (details) => {
    expect(pollOf(unwell('m', details), atMs).failedChecks).toEqual([])
  },
)
