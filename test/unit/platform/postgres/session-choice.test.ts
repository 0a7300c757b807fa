import { describe, expect, test } from 'vitest'
import { Failure } from '../../../../functions/platform/failure.ts'
import { TLS_FAILED, TLS_NOT_OFFERED } from '../../../../functions/platform/postgres/failure-codes.ts'
import {
  mayTryNextAddress,
  mayTryOtherEncryption,
  mostTelling,
  noneCouldBeUsed,
  passes,
  sessionFits,
} from '../../../../functions/platform/postgres/session-choice.ts'
import { encryptionAttempts } from '../../../../functions/platform/postgres/tls-options.ts'

const failure = (code: string, message = code, kind: Failure['kind'] = 'config'): Failure =>
  new Failure(message, { kind, subject: 'h:1', hint: 'hint', code })

describe('the encryption of attempts', () => {
  test.each([
    ['disable', ['plain']],
    ['allow', ['plain', 'tls']],
    ['prefer', ['tls', 'plain']],
    ['require', ['tls']],
    ['verify-ca', ['tls']],
    ['verify-full', ['tls']],
  ] as const)('%s', (sslmode, attempts) => {
    expect(encryptionAttempts(sslmode, false)).toEqual(attempts)
    expect(encryptionAttempts(sslmode, true)).toEqual(['plain'])
  })

  test('an answer leads to the other one, silence does not', () => {
    expect([TLS_FAILED, TLS_NOT_OFFERED, '28000'].map((code) => mayTryOtherEncryption(failure(code)))).toEqual([
      true,
      true,
      true,
    ])
    expect(['ECONNREFUSED', 'ETIMEDOUT', 'NO_PASSWORD'].some((code) => mayTryOtherEncryption(failure(code)))).toBe(false)
  })

  test('the attempt that got furthest is told', () => {
    const hba = failure('28000', 'no pg_hba.conf entry for host')
    const password = failure('28P01')
    expect(mostTelling([failure(TLS_NOT_OFFERED), hba])).toBe(hba)
    expect(mostTelling([hba, password])).toBe(password)
    expect(mostTelling([password, hba])).toBe(password)
    expect(mostTelling([hba, failure(TLS_NOT_OFFERED)])).toBe(hba)
  })
})

describe('target_session_attrs', () => {
  const primary = { standby: false, readOnly: false }
  const frozen = { standby: false, readOnly: true }
  const standby = { standby: true, readOnly: false }
  test.each([
    ['any', [true, true, true]],
    ['read-write', [true, false, false]],
    ['read-only', [false, true, true]],
    ['primary', [true, true, false]],
    ['standby', [false, false, true]],
  ] as const)('%s', (wanted, fits) => {
    expect([primary, frozen, standby].map((state) => sessionFits(wanted, state))).toEqual(fits)
  })

  test('prefer-standby takes any in a second pass', () => {
    expect(passes('prefer-standby')).toEqual(['standby', 'any'])
    expect(passes('primary')).toEqual(['primary'])
  })
})

describe('the search over hosts', () => {
  test('goes on where nothing answered, and stops where the log-in was refused', () => {
    expect(['ECONNREFUSED', 'ENOTFOUND', 'ETIMEDOUT', '57P03'].every((code) => mayTryNextAddress(failure(code)))).toBe(true)
    expect(['28P01', '3D000', TLS_FAILED, '53300'].some((code) => mayTryNextAddress(failure(code)))).toBe(false)
  })

  test('one failure is told as it is, several as one', () => {
    const refused = failure('ECONNREFUSED', 'refused', 'transient')
    expect(noneCouldBeUsed([refused])).toBe(refused)
    expect(noneCouldBeUsed([failure('ENOTFOUND', 'unknown'), refused])).toMatchObject({
      kind: 'transient',
      message: 'none of the servers could be used: h:1: unknown; h:1: refused',
    })
  })
})
