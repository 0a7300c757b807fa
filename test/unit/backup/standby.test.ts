import { expect, test } from 'vitest'
import { explainOnStandby } from '../../../functions/backup/standby.ts'
import { Failure } from '../../../functions/platform/failure.ts'
import { postgresFailure } from '../../../functions/platform/postgres/errors.ts'

test.each([
  ['a lost connection', postgresFailure(new Error('Connection terminated unexpectedly'), 'table a')],
  ['a lock', postgresFailure(Object.assign(new Error('could not obtain lock'), { code: '55P03' }), 'table a')],
])('%s on a standby says what is most likely behind it, and stays what it was', (_, failure) => {
  const explained = explainOnStandby(failure)
  const { kind, subject, message, code } = failure
  expect(explained).toMatchObject({ kind, subject, message, code, cause: failure })
  expect((explained as Failure).hint).toContain('hot_standby_feedback')
})

test.each([
  ['what says more', new Failure('no', { kind: 'permanent', subject: 's', hint: 'h', code: '42501' })],
  ['what is no Failure', new Error('x')],
])('%s is left as it is', (_, error) => {
  expect(explainOnStandby(error)).toBe(error)
})
