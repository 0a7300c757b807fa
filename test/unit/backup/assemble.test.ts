import { createHash } from 'node:crypto'
import { expect, test } from 'vitest'
import { parseManifest, serializeManifest } from '../../../functions/archive/manifest.ts'
import { assembleManifest, type SetContent } from '../../../functions/backup/assemble.ts'
import type { ChunkResult } from '../../../functions/backup/copy-unit.ts'
import { sampleManifest } from '../../support/manifests.ts'
import { sampleSourceTable } from '../../support/source-tables.ts'

const sha256 = (text: string): string => createHash('sha256').update(text).digest('hex')
const frame = (offset: number, length: number) => ({ offset, length, sha256: sha256(`${offset}`) })
const file = (name: string, bytes: number) => ({ file: name, bytes, sha256: sha256(name) })
const chunk = (table: number, rows: number, digest: string): ChunkResult => ({ table, rows, bytes: rows * 6, digest })

const stored = (unit: number, bytes: number) => ({
  key: `anything/data/00000${unit}.zst`,
  bytes,
  sha256: sha256(`unit ${unit}`),
})

/** Two tables in two units, one of them split over both; a configuration table; three pages of large objects. */
function content(changed: Partial<SetContent> = {}): SetContent {
  const { databaseProperties, sequences, omitted, source, summary } = sampleManifest()
  return {
    address: { cluster: summary.cluster, database: summary.database, set: summary.set },
    startedMs: Date.parse(summary.startedAt),
    source: {
      session: { versionNum: source.versionNum },
      identity: { ...source, serverVersion: summary.serverVersion, standby: true, blockBytes: 8192 },
      tables: [
        sampleSourceTable(),
        sampleSourceTable({ name: 'lines', oid: 2 }),
        sampleSourceTable({ name: 'config', oid: 3, leftToPgDump: 'configuration of an extension', filter: 'WHERE a' }),
        sampleSourceTable({ name: 'empty', oid: 4, columns: [] }),
      ],
      sequences,
      database: databaseProperties,
      omitted,
    },
    tools: { version: '17.6' },
    tasks: [
      { type: 'unit', unit: 1, chunks: [{ table: 0, range: { from: 0, to: 9 } }] },
      { type: 'unit', unit: 2, chunks: [{ table: 0, range: { from: 9 } }, { table: 1 }, { table: 3 }] },
      { type: 'digest', chunks: [{ table: 2 }, { table: 4 }] },
    ],
    rows: [
      { chunks: [{ ...chunk(0, 10, 'ffffffffffffffff'), frame: frame(0, 100) }], stored: stored(1, 100) },
      {
        chunks: [
          { ...chunk(0, 5, '0000000000000003'), frame: frame(0, 50) },
          { ...chunk(1, 7, '00000000000000aa'), frame: frame(50, 70) },
          { ...chunk(3, 0, '0000000000000000'), frame: frame(120, 13) },
        ],
        stored: stored(2, 133),
      },
      { chunks: [chunk(2, 4, '00000000000000bb'), chunk(4, 3, '00000000000000cc')] },
    ],
    schema: { stored: file('schema.dump', 1000), stderr: 'pg_dump: warning: first\npg_dump: nothing\n' },
    globals: { stored: file('globals.sql', 200), stderr: 'pg_dumpall: warning: second\n' },
    secondsByPhase: { hold: 0.5, copy: 2 },
    ...changed,
  }
}

test('a table adds up its chunks, wherever they lie', () => {
  const { tables } = assembleManifest(content())
  expect(tables.map(({ name, rows, rawBytes, digest, stored: where }) => [name, rows, rawBytes, digest, where])).toEqual([
    ['orders', 15, 90, '0000000000000002', 'units'],
    ['lines', 7, 42, '00000000000000aa', 'units'],
    ['config', 4, 24, '00000000000000bb', 'schema.dump'],
    ['empty', 0, 0, '0000000000000000', 'units'],
  ])
  expect(tables[0]?.chunks).toEqual([
    { unit: 1, ...frame(0, 100), rawBytes: 60, rows: 10 },
    { unit: 2, ...frame(0, 50), rawBytes: 30, rows: 5 },
  ])
})

test('rows that pg_dump stores have a digest and no chunk', () => {
  const config = assembleManifest(content()).tables[2]
  expect(config).toMatchObject({ chunks: [], rows: 4, filter: 'WHERE a' })
})

test('large objects are the digest after the last table', () => {
  expect(assembleManifest(content()).largeObjects).toEqual({ pages: 3, digest: '00000000000000cc' })
})

test('the summary counts what the set holds', () => {
  const before = Date.now()
  const { summary, units, files, warnings } = assembleManifest(content())
  const { finishedAt, ...rest } = summary
  const { finishedAt: _, ...expected } = sampleManifest().summary
  expect(rest).toEqual({ ...expected, tables: 4, rows: 26, rawBytes: 156, storedBytes: 1000 + 200 + 100 + 133 })
  expect(Date.parse(finishedAt)).toBeGreaterThanOrEqual(before)
  expect(units).toEqual([
    { file: 'data/000001.zst', bytes: 100, sha256: sha256('unit 1') },
    { file: 'data/000002.zst', bytes: 133, sha256: sha256('unit 2') },
  ])
  expect(files.map((one) => one.file)).toEqual(['schema.dump', 'globals.sql'])
  expect(warnings).toEqual(['pg_dump: warning: first', 'pg_dumpall: warning: second'])
})

test('what is put together is a manifest that can be read back', () => {
  const manifest = assembleManifest(content())
  expect(parseManifest(serializeManifest(manifest), manifest.summary.set)).toEqual(manifest)
})

test('of an empty database is a whole manifest too', () => {
  const empty = content({
    source: { ...content().source, tables: [] },
    tasks: [{ type: 'digest', chunks: [{ table: 0 }] }],
    rows: [{ chunks: [chunk(0, 0, '0000000000000000')] }],
  })
  const manifest = assembleManifest(empty)
  expect(manifest.summary).toMatchObject({ tables: 0, rows: 0, storedBytes: 1200 })
  expect(parseManifest(serializeManifest(manifest), manifest.summary.set)).toEqual(manifest)
})
