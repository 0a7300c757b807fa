import { expect, test } from 'vitest'
import { drillColumns, drillEvents, drillMeasurements, drillTables } from '../../../../handover/drills/keys.ts'
import { mostRows, Recorder } from '../../../../handover/drills/recorder.ts'
import { RowWriter } from '../../../../handover/drills/row-writer.ts'
import { durabilities, synchronousSettings } from '../../../../handover/drills/synchronous.ts'
import { differentRows, lostRows } from '../../../../handover/drills/written-rows.ts'
import { sampleCluster } from '../../../support/definitions.ts'
import { quietSite } from '../../../support/quiet-site.ts'

test.each([
  ['measurements', drillMeasurements],
  ['events', drillEvents],
  ['tables', drillTables],
  ['columns', drillColumns],
] as const)('the keys of %s are in order, and each is there once', (_, keys) => {
  expect([...new Set(keys)].sort()).toEqual(keys)
})

test('a row is lost when it was acknowledged and is not there', () => {
  const connect = () => Promise.reject(new Error('not used'))
  const writer = new RowWriter({ writer: 'on-1', durability: 'on', everyMs: 1, connect }, AbortSignal.abort())
  writer.acknowledged.push({ number: 1, atMs: 1 }, { number: 3, atMs: 2 })
  expect(lostRows(writer, new Set(['on-1/1', 'on-1/2', 'local-2/3']))).toEqual(['on-1/3'])
  expect(lostRows(writer, new Set(['on-1/1', 'on-1/3']))).toEqual([])
})

test('rows that only one node has are different, on whichever side', () => {
  expect(differentRows(new Set(['a/1', 'a/2']), new Set(['a/2', 'a/3'])).sort()).toEqual(['a/1', 'a/3'])
  expect(differentRows(new Set(['a/1']), new Set(['a/1']))).toEqual([])
})

test('where the definition waits for nobody, the drill lets only its own transactions wait for a standby', () => {
  const site = quietSite()
  expect(synchronousSettings(site)).toEqual({ synchronous_commit: 'local', synchronous_standby_names: 'ANY 1 ("db-2")' })
  expect(durabilities(site)).toEqual(['on', 'local'])
})

test('where the definition lets every transaction wait, nothing is changed, and none is written without', () => {
  const site = quietSite({ definition: sampleCluster({ 'postgres.synchronous': { mode: 'remote_write' } }) })
  expect(synchronousSettings(site)).toEqual({})
  expect(durabilities(site)).toEqual(['remote_write'])
})

test('a long table is cut, and its cells are text', () => {
  const recorder = new Recorder()
  const rows = Array.from({ length: mostRows + 1 }, (_, index) => [index, 'x'])
  recorder.table('lostRows', ['rowNumber', 'writer'], rows)
  expect(recorder.evidence.tables[0]?.rows).toHaveLength(mostRows)
  expect(recorder.evidence.tables[0]?.rows[0]).toEqual(['0', 'x'])
})
