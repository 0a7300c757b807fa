import { expect, test } from 'vitest'
import { canVerify, scramVerifier } from '../../../packer/scram-verifier.ts'

test('the keys are those of the example in RFC 7677', () => {
  const salt = Buffer.from('W22ZaJ0SNY7soEsUEjb6gQ==', 'base64')
  expect(scramVerifier('pencil', salt)).toBe(
    'SCRAM-SHA-256$4096:W22ZaJ0SNY7soEsUEjb6gQ==$WG5d8oPm3OtcPnkdi4Uo7BkeZkBFzpcXkuLmtbsT4qY=:wfPLwcE6nTWhTAmQ7tl2KeoiWGPlZqQxSrmfPwDl2dU=',
  )
})

test.each(['naïve', 'tab\there', '', '\u00a0'])('%j is left to PostgreSQL', (password) => {
  expect(canVerify(password)).toBe(false)
})

test('every sign of ASCII is taken', () => {
  const all = String.fromCharCode(...Array.from({ length: 95 }, (_, index) => 0x20 + index))
  expect(canVerify(all)).toBe(true)
})
