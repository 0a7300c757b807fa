import { expect, test } from 'vitest'
import { readabilityProblems, unreadable } from '../../../functions/backup/readability.ts'
import { sampleTableRow } from '../../support/source-tables.ts'

test('nothing is wrong with what can be read', () => {
  expect(readabilityProblems([sampleTableRow()], [{ schema: 'public', name: 's', readable: true }], [])).toEqual([])
})

test('each thing that cannot be read is named once, with what it lacks', () => {
  const tables = [
    sampleTableRow({ name: 'closed', readable: false }),
    sampleTableRow({ name: 'tenants', filtered: true }),
    sampleTableRow({ name: 'both', readable: false, filtered: true }),
    sampleTableRow(),
  ]
  expect(readabilityProblems(tables, [{ schema: 'public', name: 'orders_id_seq', readable: false }], ['16401'])).toEqual([
    'table public.closed: no SELECT',
    'table public.both: no SELECT',
    'table public.tenants: row security would hide rows (BYPASSRLS is needed)',
    'sequence public.orders_id_seq: no SELECT',
    'large object 16401: no SELECT',
  ])
})

test('the failure names the role, the first twenty and how many more', () => {
  const few = unreadable('ballast_backup', ['table public.closed: no SELECT'])
  expect(few.message).toBe('role "ballast_backup" cannot read all of the database: table public.closed: no SELECT')
  expect(few).toMatchObject({ kind: 'permanent', subject: 'role ballast_backup', code: '42501' })
  expect(few.hint).toContain('docs/backup-role.sql')

  const many = Array.from({ length: 23 }, (_, index) => `table public.t${index}: no SELECT`)
  const { message } = unreadable('ballast_backup', many)
  expect(message).toContain('public.t19')
  expect(message).not.toContain('public.t20')
  expect(message).toMatch(/; and 3 more$/)
})
