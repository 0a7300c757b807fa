import fc from 'fast-check'
import { beforeAll, expect, test } from 'vitest'
import { applySettings, copyTextSettings, identifier, literal } from '../../../functions/archive/copy-text.ts'
import { useSandbox } from '../../support/sandbox.ts'

const sandbox = useSandbox()
const database = 'copy-text'
const ask = (sql: string): Promise<string> => sandbox.psql(sandbox.primary.adminUrl(database), sql)
const hexOf = (text: string): string => Buffer.from(text).toString('hex')

/** Any text that PostgreSQL takes: all but U+0000 and halves of surrogate pairs. */
const character = fc.oneof(
  fc.constantFrom("'", '"', '\\', '\n', '\r', '$', ':', '%'),
  fc.string({ unit: 'binary', minLength: 1, maxLength: 1 }).filter((one) => one !== '\0'),
)
const texts = fc.sample(fc.string({ unit: character, minLength: 1, maxLength: 12 }), { numRuns: 300, seed: 1 })

beforeAll(() => sandbox.createDatabase(database))

test.each(['on', 'off'])('the server reads a literal back as it was, standard_conforming_strings %s', async (setting) => {
  const values = texts.map((text, index) => `(${index}, ${literal(text)})`)
  const answer = await ask(`
    SET standard_conforming_strings = ${setting};
    SET escape_string_warning = off;
    SELECT encode(convert_to(t, 'UTF8'), 'hex') FROM (VALUES ${values.join(', ')}) v(i, t) ORDER BY i`)
  expect(answer.split('\n')).toEqual(texts.map(hexOf))
})

test('the server reads an identifier back as it was', async () => {
  const columns = texts.map((text, index) => ({ name: `${text}${index}` }))
  await ask(`CREATE TABLE named (${columns.map(({ name }) => `${identifier(name)} int`).join(', ')})`)
  const answer = await ask(`SELECT encode(convert_to(attname, 'UTF8'), 'hex') FROM pg_attribute
    WHERE attrelid = 'named'::regclass AND attnum > 0 ORDER BY attnum`)
  expect(answer.split('\n')).toEqual(columns.map(({ name }) => hexOf(name)))
})

test('equal values give equal text, however the database, the role and the session were set', async () => {
  const values = `SELECT '2026-11-22 06:00:00+00'::timestamptz, '0044-03-15 BC'::date, interval '1 mon -2 days 03:04:05.678',
    0.1::float8 + 0.2, 1e-7::float4, 'NaN'::numeric, '\\x00ff5c'::bytea, 1234.5::money, ARRAY[1, NULL, 3],
    E'a\\tb\\\\c\\n', 'infinity'::timestamp`
  const copy = `${applySettings(copyTextSettings('UTF8'))} \\g /dev/null\nCOPY (${values}) TO STDOUT;`
  const hostile = `
    SET DateStyle = 'SQL, DMY'; SET IntervalStyle = 'iso_8601'; SET TimeZone = 'America/Sao_Paulo';
    SET extra_float_digits = -15; SET bytea_output = 'escape'; SET search_path = 'pg_temp';
    SET client_encoding = 'LATIN1'; SET lc_monetary = 'C.UTF-8'; SET xmloption = 'document';`
  const plain = await ask(copy)
  expect(await ask(hostile + copy)).toBe(plain)
  expect(plain).toContain('2026-11-22 06:00:00+00\t0044-03-15 BC\t1 mon -2 days +03:04:05.678\t0.30000000000000004\t1e-07')
})
