import fc from 'fast-check'
import { expect, test } from 'vitest'
import { addDigests, emptyDigest } from '../../../functions/archive/row-digest.ts'

const digest = fc.bigInt({ min: 0n, max: 2n ** 64n - 1n }).map((value) => value.toString(16).padStart(16, '0'))

test('the sum does not depend on order or grouping', () => {
  fc.assert(
    fc.property(digest, digest, digest, (a, b, c) => {
      expect(addDigests(a, b)).toBe(addDigests(b, a))
      expect(addDigests(addDigests(a, b), c)).toBe(addDigests(a, addDigests(b, c)))
    }),
  )
})

test('no rows add nothing', () => {
  fc.assert(
    fc.property(digest, (a) => {
      expect(addDigests(a, emptyDigest)).toBe(a)
    }),
  )
})

test('it wraps at 2^64 and keeps its zeros', () => {
  expect(addDigests('ffffffffffffffff', '0000000000000002')).toBe('0000000000000001')
  expect(addDigests('8000000000000000', '8000000000000000')).toBe(emptyDigest)
})
