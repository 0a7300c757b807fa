import fc from 'fast-check'
import { expect, test } from 'vitest'
import { namePattern } from '../../../functions/backup/name-pattern.ts'

/** The pattern as JavaScript's own regular expression: quoted text literal, the rest as it is. */
function asRegExp(pattern: string): RegExp {
  const source = pattern.replaceAll(/"((?:[^"]|"")*)"/gu, (_whole, text: string) =>
    text.replaceAll('""', '"').replaceAll(/[\\^$.*+?()[\]{}|/]/g, '\\$&'),
  )
  return new RegExp(`^(?:${source})$`, 'u')
}

test('writes a common beginning once', () => {
  expect(namePattern(['small_1', 'small_2', 'small_10', 'other'])).toBe('("other"|"small_"("1"(|"0")|"2"))')
  expect(namePattern(['only'])).toBe('"only"')
  expect(namePattern(['say "hi"', 'say "ho"'])).toBe('"say ""h"("i"""|"o""")')
})

test('matches these names and no others', () => {
  const name = fc.string({
    unit: fc.constantFrom('a', 'b', '"', '|', '(', '.', '$', '*', '🐘', 'é'),
    minLength: 1,
    maxLength: 6,
  })
  fc.assert(
    fc.property(fc.uniqueArray(name, { minLength: 1, maxLength: 60 }), fc.array(name, { maxLength: 60 }), (names, others) => {
      const expression = asRegExp(namePattern(names))
      for (const one of names) expect(expression.test(one)).toBe(true)
      for (const other of others) expect(expression.test(other)).toBe(names.includes(other))
    }),
    { numRuns: 500 },
  )
})
