import { expect, test } from 'vitest'
import { rowDigests, rowsDifferent } from '../../../../handover/drills/point-in-time/row-digests.ts'
import { comparedRows } from '../../../../handover/drills/restore/compare-recovered.ts'
import { largestData, projectRecovery } from '../../../../handover/drills/restore/project-recovery.ts'
import { archiveSettings } from '../../../../handover/sites/sandbox-archive.ts'
import { sampleCluster } from '../../../support/definitions.ts'

test('what grows with the data grows in proportion, the rest stays', () => {
  const measured = { seconds: 12, growingSeconds: 10, bytes: 50_000_000 }
  expect(projectRecovery(measured, 50_000_000)).toBe(12)
  expect(projectRecovery(measured, 500_000_000)).toBe(102)
  expect(projectRecovery(measured, 5_000_000)).toBe(3)
})

test('too little data says nothing of more', () => {
  expect(projectRecovery({ seconds: 2, growingSeconds: 1, bytes: 9_000_000 }, 1e9)).toBeUndefined()
  expect(projectRecovery({ seconds: 2, growingSeconds: 0, bytes: 50_000_000 }, 1e9)).toBeUndefined()
})

test('the most data is what a disk holds before its alert', () => {
  expect(largestData(200e9, 15)).toBe(170e9)
})

test('rows that are missing, new or other are counted once each', () => {
  const before = rowDigests('1|a\n2|b\n3|c')
  expect(rowsDifferent(before, rowDigests('1|a\n2|b\n3|c\n'))).toBe(0)
  expect(rowsDifferent(before, rowDigests('1|a\n3|x\n4|d'))).toBe(3)
  expect(rowsDifferent(before, rowDigests(''))).toBe(3)
})

test('evidence has a row for each table, and for what is wrong beyond them', () => {
  const tables = [
    { schema: 'shop', name: 'orders', rows: 7 },
    { schema: 'shop', name: 'items', rows: 9 },
  ]
  const findings = [
    { subject: 'table shop.items', problem: 'holds 8 rows instead of 9' },
    { subject: 'large objects', problem: 'differ from what the source held' },
  ]
  expect(comparedRows(tables, findings)).toEqual([
    ['table shop.orders', 7, 'equal'],
    ['table shop.items', 9, 'holds 8 rows instead of 9'],
    ['large objects', '', 'differ from what the source held'],
  ])
})

test('a sandbox archives where the definition has point-in-time recovery, and nowhere else', () => {
  expect(archiveSettings(sampleCluster())).toEqual({})
  const settings = archiveSettings(sampleCluster({ 'backup.pitr': { store: 'main' }, 'postgres.archiveTimeout': '30 s' }))
  expect(settings).toMatchObject({ archive_mode: 'on', archive_timeout: '30' })
  expect(settings.archive_command).toContain('--stanza=shop archive-push %p')
})
