import { mkdir, mkdtemp, readdir, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { keepRecord, readRecords } from '../../../../handover/records/kept-records.ts'
import { sampleDrill as record } from '../../../support/sample-drill.ts'

let directory = ''

beforeEach(async () => {
  directory = await mkdtemp(join(tmpdir(), 'ballast-test-'))
})

afterEach(() => rm(directory, { recursive: true, force: true }))

test('records are read back as they were kept, oldest first', async () => {
  const later = { ...record, name: 'rejoin', startedAt: '2026-11-27T10:02:00.000Z' } as const
  await keepRecord(directory, later)
  expect(await keepRecord(directory, record)).toBe(join(directory, 'shop', '20261127T100000Z-drill-failover.json'))
  expect(await readRecords(directory, 'shop')).toEqual([record, later])
})

test('a cluster that nothing was tried on has none', async () => {
  expect(await readRecords(directory, 'shop')).toEqual([])
})

test('what is no record is never kept', async () => {
  await expect(keepRecord(directory, { ...record, format: 2 as 1 })).rejects.toThrow()
  expect(await readdir(join(directory, 'shop'))).toEqual([])
})

test.each([
  ['half a record', '{"kind": "drill"'],
  ['a record of another format', JSON.stringify({ ...record, format: 2 })],
  ['a record with something that nobody knows', JSON.stringify({ ...record, verdict: 'passed' })],
])('%s is an error, and not left out', async (_, text) => {
  await mkdir(join(directory, 'shop'))
  await writeFile(join(directory, 'shop', '20261127T100000Z-drill-failover.json'), text)
  await expect(readRecords(directory, 'shop')).rejects.toMatchObject({ code: 'BadRecord' })
})
