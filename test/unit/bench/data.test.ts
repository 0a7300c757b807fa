import { expect, test } from 'vitest'
import { mixedDatabase } from '../../../bench/data/mixed.ts'
import { smallTables } from '../../../bench/data/small.ts'
import { parseFingerprint } from '../../../bench/databases.ts'

/** Rows that the scripts insert, by table. */
function insertedRows(groups: readonly string[][]): number[] {
  const inserts = groups.flat().join(';').split('INSERT INTO ').slice(1)
  return inserts.map((text) => Number(text.split('FROM generate_series(1, ').at(-1)?.split(')')[0]))
}

test('the mixed database has ten million rows, and a tenth at a tenth of the scale', () => {
  const sum = (scale: number) => insertedRows(mixedDatabase(scale)).reduce((total, rows) => total + rows, 0)

  expect(sum(1)).toBe(10_000_000)
  expect(sum(0.1)).toBe(1_000_000)
})

test('there are 2,000 small tables, and at least one at any scale', () => {
  expect(smallTables(1).flat()[0]).toContain('1..2000 LOOP')
  expect(smallTables(0.0001).flat()[0]).toContain('1..1 LOOP')
})

test('a fingerprint is summed up by its tables', () => {
  const text = 'table orders|120\ntable "odd | name"|3\nindexes|7\nconstraints|2'

  expect(parseFingerprint(text)).toEqual({ tables: 2, rows: 123 })
})
