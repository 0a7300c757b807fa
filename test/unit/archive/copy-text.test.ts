import fc from 'fast-check'
import { expect, test } from 'vitest'
import {
  applySettings,
  columnList,
  copyEncoding,
  copyTextSettings,
  identifier,
  literal,
  qualified,
} from '../../../functions/archive/copy-text.ts'

const text = fc.string({
  unit: fc.oneof(
    fc.constantFrom("'", '"', '\\', '\n', '.', '$', 'E'),
    fc.string({ unit: 'binary', minLength: 1, maxLength: 1 }),
  ),
})

test('an identifier is one quoted token whose quotes give the name back', () => {
  fc.assert(
    fc.property(text, (name) => {
      const inner = /^"((?:[^"]|"")*)"$/u.exec(identifier(name))?.[1]
      expect(inner?.replaceAll('""', '"')).toBe(name)
    }),
  )
})

test('a literal is one quoted token, whatever standard_conforming_strings says', () => {
  fc.assert(
    fc.property(text, (value) => {
      const written = literal(value)
      const plain = /^'((?:[^'\\]|'')*)'$/u.exec(written)?.[1]
      const escaped = /^E'((?:[^'\\]|''|\\\\)*)'$/u.exec(written)?.[1]
      expect(plain?.replaceAll("''", "'") ?? escaped?.replaceAll("''", "'").replaceAll('\\\\', '\\')).toBe(value)
    }),
  )
})

test.each([
  ["it's", "'it''s'"],
  ['a\\b', "E'a\\\\b'"],
  ['', "''"],
])('the literal of %j is %s', (value, written) => {
  expect(literal(value)).toBe(written)
})

test('names and lists of columns', () => {
  expect(qualified({ schema: 'My "Schema"', name: 'a.b' })).toBe('"My ""Schema"""."a.b"')
  expect(columnList(['id', 'Größe'])).toBe(' ("id", "Größe")')
  expect(columnList([])).toBe('')
})

test('settings are applied in one statement, for the session', () => {
  expect(applySettings({ DateStyle: 'ISO, YMD', search_path: '' })).toBe(
    "SELECT set_config('DateStyle', 'ISO, YMD', false), set_config('search_path', '', false)",
  )
})

test('text is UTF-8, but for a database whose bytes have no known encoding', () => {
  expect(copyEncoding('UTF8')).toBe('UTF8')
  expect(copyEncoding('LATIN1')).toBe('UTF8')
  expect(copyEncoding('SQL_ASCII')).toBe('SQL_ASCII')
  expect(copyTextSettings('SQL_ASCII').client_encoding).toBe('SQL_ASCII')
})

test('the settings of format 1 are fixed: a change would make the digests of older sets unrepeatable', () => {
  expect(copyTextSettings('UTF8')).toEqual({
    client_encoding: 'UTF8',
    DateStyle: 'ISO, YMD',
    IntervalStyle: 'postgres',
    TimeZone: 'UTC',
    extra_float_digits: '3',
    bytea_output: 'hex',
    lc_monetary: 'C',
    xmloption: 'content',
    array_nulls: 'on',
    search_path: '',
    row_security: 'off',
  })
})
