import { describe, expect, test } from 'vitest'
import { copyOutSql } from '../../../functions/archive/read-table.ts'

describe('the COPY of a chunk', () => {
  const target = { schema: 'Sales "EU"', name: 'orders.2026', columns: ['id', 'Note'] }

  test('reads a whole table by name', () => {
    expect(copyOutSql(target)).toBe('COPY "Sales ""EU"""."orders.2026" ("id", "Note") TO STDOUT')
    expect(copyOutSql({ ...target, columns: [] })).toBe('COPY "Sales ""EU"""."orders.2026" TO STDOUT')
  })

  test('reads a range by ctid, of this table and none that inherits from it', () => {
    const from = 'FROM ONLY "Sales ""EU"""."orders.2026"'
    expect(copyOutSql(target, { from: 5, to: 9 })).toBe(
      `COPY (SELECT "id", "Note" ${from} WHERE ctid >= '(5,0)' AND ctid < '(9,0)') TO STDOUT`,
    )
    expect(copyOutSql(target, { from: 9 })).toBe(`COPY (SELECT "id", "Note" ${from} WHERE ctid >= '(9,0)') TO STDOUT`)
    expect(copyOutSql({ ...target, columns: [] }, { from: 9 })).toBe(`COPY (SELECT  ${from} WHERE ctid >= '(9,0)') TO STDOUT`)
  })

  test("applies an extension's own condition", () => {
    expect(copyOutSql({ ...target, filter: 'WHERE NOT builtin' })).toBe(
      'COPY (SELECT "id", "Note" FROM ONLY "Sales ""EU"""."orders.2026" WHERE NOT builtin) TO STDOUT',
    )
  })
})
