import { expect, test } from 'vitest'
import { asFailure } from '../../../cli/run/as-failure.ts'
import { failureText, unwellText } from '../../../cli/terminal/failure-text.ts'
import { plainStyle } from '../../../cli/terminal/style.ts'
import { ConfigError } from '../../../config/problems.ts'
import { checksOutcome } from '../../../functions/platform/checks-outcome.ts'
import { combineOutcomes } from '../../../functions/platform/combine-outcomes.ts'
import { Failure, type FailureKind } from '../../../functions/platform/failure.ts'
import { exitCode, failedOutcome, type Outcome } from '../../../functions/platform/outcome.ts'

const well: Outcome = { operation: 'backup', subject: 'shop/a', ok: true, numbers: { seconds: 2 } }

function failed(subject: string, kind: FailureKind): Outcome {
  return failedOutcome('backup', subject, new Failure(`${kind} happened`, { kind, subject, hint: 'h' }), { seconds: 1 })
}

test('one outcome stays as it is', () => {
  expect(combineOutcomes('backup', 'shop', [well])).toBe(well)
})

test('several are well only together', () => {
  expect(combineOutcomes('backup', 'shop', [well, well])).toMatchObject({ ok: true, numbers: { databases: 2, seconds: 4 } })
})

test.each<[FailureKind, FailureKind, FailureKind, number]>([
  ['transient', 'permanent', 'permanent', 3],
  ['config', 'transient', 'transient', 3],
  ['permanent', 'bug', 'bug', 3],
  ['config', 'config', 'config', 2],
])('%s and %s end as %s, with exit code %i', (one, other, worst, code) => {
  const combined = combineOutcomes('backup', 'shop', [failed('shop/a', one), well, failed('shop/b', other)])
  expect(combined.failure).toMatchObject({ kind: worst })
  expect(combined.failure?.message).toBe(`2 of 3 failed (shop/a, shop/b): ${worst} happened`)
  expect(exitCode(combined)).toBe(code)
  expect(combined.numbers).toMatchObject({ databases: 3, failedDatabases: 2 })
})

test('a failed check makes a set-up unwell, a warning does not', () => {
  const check = { subject: 's', name: 'n', finding: 'f', fix: 'x' }
  expect(exitCode(checksOutcome('doctor', 'set-up', 'Do it.', [{ ...check, status: 'warn' }]))).toBe(0)
  const outcome = checksOutcome('doctor', 'set-up', 'Do it.', [
    { ...check, status: 'ok' },
    { ...check, status: 'fail' },
  ])
  expect(exitCode(outcome)).toBe(1)
  expect(outcome.numbers).toEqual({ checksOk: 1, checksWarn: 0, checksFailed: 1 })
})

test('a failure says what, on what, of which kind, and what to do', () => {
  const failure = new Failure('no SELECT on\u0007 x', {
    kind: 'permanent',
    subject: 'role r',
    hint: 'Grant it.',
    code: '42501',
  })
  expect(failureText('backup', 'shop/app', failure, plainStyle)).toBe(
    'ballast backup failed: no SELECT on\ufffd x\n' +
      '  on    role r (shop/app)\n' +
      '  kind  permanent (42501): it stays so until somebody changes something\n' +
      '  next  Grant it.\n',
  )
  expect(failureText('backup', 'role r', failure, plainStyle)).toContain('on    role r\n')
})

test('what is not well says so and what to do', () => {
  expect(unwellText('verify', { message: 'differs', hint: 'Keep it.' }, plainStyle)).toBe(
    'ballast verify: not well: differs\n  next  Keep it.\n',
  )
})

test("a bad definition is the user's, an unknown error is ours", () => {
  expect(asFailure(new ConfigError([{ path: 'name', rule: 'r', fix: 'f' }]), 'list')).toMatchObject({
    kind: 'config',
    message: 'the cluster definition has 1 problem:\n  name: r; f',
  })
  expect(asFailure(new TypeError('x is undefined'), 'list')).toMatchObject({ kind: 'bug', subject: 'list' })
})
