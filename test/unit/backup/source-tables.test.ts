import { expect, test } from 'vitest'
import { chooseTables } from '../../../functions/backup/source-tables.ts'
import { sampleSourceTable, sampleTableRow } from '../../support/source-tables.ts'

test('a plain table goes into the units', () => {
  expect(chooseTables([sampleTableRow()], false)).toEqual({ tables: [sampleSourceTable()], omitted: [] })
})

test('an unlogged table is there on a primary and left out, by name, on a standby', () => {
  const row = sampleTableRow({ name: 'cache', unlogged: true })
  expect(chooseTables([row], false)).toEqual({ tables: [sampleSourceTable({ name: 'cache' })], omitted: [] })
  expect(chooseTables([row, sampleTableRow()], true)).toEqual({
    tables: [sampleSourceTable()],
    omitted: [{ subject: 'table public.cache', reason: 'unlogged: a standby does not have its rows' }],
  })
})

test('what only pg_dump carries safely is left to it, with the reason', () => {
  const { tables } = chooseTables(
    [
      sampleTableRow({ inExtension: true, filter: 'WHERE NOT builtin' }),
      sampleTableRow({ inExtension: true, filter: '' }),
      sampleTableRow({ hashedByEnum: true }),
    ],
    false,
  )
  expect(tables).toEqual([
    sampleSourceTable({ leftToPgDump: 'configuration of an extension', filter: 'WHERE NOT builtin' }),
    sampleSourceTable({ leftToPgDump: 'configuration of an extension' }),
    sampleSourceTable({ leftToPgDump: 'hash partitions of an enum: another server may hash its values differently' }),
  ])
})

test('a table outside the heap is marked, so that nobody cuts it by ctid', () => {
  expect(chooseTables([sampleTableRow({ heap: false })], false).tables).toEqual([sampleSourceTable({ heap: false })])
})
