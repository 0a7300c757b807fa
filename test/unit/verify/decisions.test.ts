import { describe, expect, test } from 'vitest'
import type { Manifest } from '../../../functions/archive/manifest.ts'
import { Failure, type FailureKind } from '../../../functions/platform/failure.ts'
import { isDamage, isUnrestorable } from '../../../functions/verify/damage.ts'
import { debianPackage } from '../../../functions/verify/extensions.ts'
import { Findings } from '../../../functions/verify/findings.ts'
import { amcheckReports } from '../../../functions/verify/indexes.ts'
import { checkConsistency } from '../../../functions/verify/manifest-consistency.ts'
import { scratchSettings } from '../../../functions/verify/scratch-settings.ts'
import { neededBytes } from '../../../functions/verify/scratch-space.ts'
import { chooseNearest } from '../../../functions/verify/scratch-tools.ts'
import { sampleManifest, sampleTable } from '../../support/manifests.ts'

const failure = (kind: FailureKind, code: string | undefined, subject = 'x', message = 'm') =>
  new Failure(message, { kind, subject, hint: 'h', ...(code === undefined ? {} : { code }) })

describe('what a failure says of the set', () => {
  test.each([
    ['DAMAGED', true],
    ['InvalidRange', true],
    ['ROWS_DIFFER', true],
    ['NoSuchKey', false],
    ['AccessDenied', false],
    [undefined, false],
  ])('a permanent failure with code %s is damage: %s', (code, expected) => {
    expect(isDamage(failure('permanent', code))).toBe(expected)
  })

  test('what may pass is never damage', () => {
    expect(isDamage(failure('transient', 'DAMAGED'))).toBe(false)
    expect(isDamage(new Error('DAMAGED'))).toBe(false)
  })

  test.each<[FailureKind, string | undefined, string, string, boolean]>([
    ['permanent', 'exit 1', 'pg_restore', 'ERROR: function x() does not exist', true],
    ['permanent', '22P02', 'table', 'invalid input syntax', true],
    ['permanent', '23514', 'table', 'violates check constraint', true],
    ['permanent', '42501', 'pg_restore', 'permission denied', false],
    ['permanent', 'exit 1', 'psql', 'whatever', false],
    ['permanent', 'exit 1', 'pg_restore', 'extension "x" is not available', false],
    ['permanent', 'exit 1', 'pg_restore', 'could not create locale "pt_BR.UTF-8": No such file or directory', false],
    ['permanent', '53100', 'pg_restore', 'No space left on device', false],
    ['transient', '40001', 'pg_restore', 'deadlock', false],
    ['transient', 'SIGKILL', 'pg_restore', 'was ended', false],
    ['permanent', '58P01', 'table', 'could not open file', false],
    ['permanent', undefined, 'table', 'm', false],
  ])('%s %s of %s (%s) means that the set does not restore: %s', (kind, code, subject, message, expected) => {
    expect(isUnrestorable(failure(kind, code, subject, message))).toBe(expected)
  })
})

describe('checkConsistency', () => {
  const problems = (changed: Partial<Manifest>): string[] => {
    const findings = new Findings()
    checkConsistency(sampleManifest(changed), findings)
    return findings.list.map(({ problem }) => problem)
  }

  test('finds nothing in a manifest that agrees with itself', () => {
    expect(problems({})).toEqual([])
  })

  test.each<[string, Partial<Manifest>]>([
    ['number of tables', { summary: { ...sampleManifest().summary, tables: 2 } }],
    ['rows of all tables', { summary: { ...sampleManifest().summary, rows: 3 } }],
    ['bytes of all tables', { summary: { ...sampleManifest().summary, rawBytes: 13 } }],
    ['bytes stored', { summary: { ...sampleManifest().summary, storedBytes: 1 } }],
    ['rows of public.orders', { tables: [sampleTable({ rows: 3 })] }],
    ['files named globals.sql', { files: sampleManifest().files.slice(0, 1) }],
    [
      'do not make up its 22 bytes',
      { units: [{ ...sampleManifest().units[0], file: 'data/000001.zst', bytes: 22, sha256: 'a'.repeat(64) }] },
    ],
    ['data/000001.zst holds chunks and is not among the units', { units: [] }],
  ])('finds what contradicts: %s', (what, changed) => {
    expect(problems(changed)).toContainEqual(expect.stringContaining(what))
  })

  test('finds chunks that leave a gap or overlap', () => {
    const [chunk] = sampleTable().chunks
    if (chunk === undefined) throw new Error('the sample has a chunk')
    const cut = (second: number) => [
      sampleTable({
        chunks: [
          { ...chunk, length: 10, rows: 1, rawBytes: 6 },
          { ...chunk, offset: second, length: 11, rows: 1, rawBytes: 6 },
        ],
      }),
    ]
    expect(problems({ tables: cut(10) })).toEqual([])
    expect(problems({ tables: cut(9) })).toEqual([expect.stringContaining('do not make up')])
    expect(problems({ tables: cut(11) })).toEqual([expect.stringContaining('do not make up')])
  })
})

describe('the scratch server', () => {
  test('takes a bounded part of the memory', () => {
    const gigabyte = 1024 ** 3
    expect(scratchSettings(gigabyte, 2)).toMatchObject({ shared_buffers: '64MB', maintenance_work_mem: '64MB' })
    expect(scratchSettings(512 * gigabyte, 2)).toMatchObject({ shared_buffers: '1024MB', maintenance_work_mem: '1024MB' })
  })

  test('is of the oldest version that takes the set and is complete', () => {
    const programs = ['pg_dump', 'pg_restore', 'pg_dumpall', 'psql', 'initdb', 'postgres', 'pg_ctl']
    const candidate = (major: number, without?: string) => ({
      directory: `/pg/${major}`,
      major,
      version: `${major}.1`,
      programs: programs.filter((program) => program !== without),
    })
    const all = [candidate(18), candidate(14), candidate(16, 'postgres'), candidate(17)]
    expect(chooseNearest(all, 15)?.major).toBe(17)
    expect(chooseNearest(all, 14)?.major).toBe(14)
    expect(chooseNearest(all, 19)).toBeUndefined()
  })

  test('needs space for rows, indexes and a bounded WAL', () => {
    const gigabyte = 1024 ** 3
    const needed = (rawBytes: number) => neededBytes(sampleManifest({ summary: { ...sampleManifest().summary, rawBytes } }))
    expect(needed(0)).toBeLessThan(gigabyte)
    expect(needed(100 * gigabyte)).toBeGreaterThan(200 * gigabyte)
    expect(needed(100 * gigabyte)).toBeLessThan(205 * gigabyte)
  })
})

test.each([
  ['hstore', 15, 'postgresql-15'],
  ['postgis_topology', 17, 'postgresql-17-postgis-3'],
  ['vector', 16, 'postgresql-16-pgvector'],
  ['pg_repack', 15, 'postgresql-15-pg-repack'],
])('extension %s for PostgreSQL %i comes in %s', (extension, major, expected) => {
  expect(debianPackage(extension, major)).toBe(expected)
})

test('what pg_amcheck says becomes one finding per relation', () => {
  expect(
    amcheckReports([
      'btree index "app.public.by_note":',
      '    ERROR:  heap tuple (0,1) from table "t" lacks matching index tuple within index "by_note"',
      'heap table "app.public.odd.name", block 3, offset 4:',
      '    xmin 5 precedes relation freeze threshold',
    ]),
  ).toEqual([
    { subject: 'index public.by_note', problem: expect.stringContaining('lacks matching index tuple') },
    { subject: 'table public.odd.name', problem: 'is damaged, block 3, offset 4: xmin 5 precedes relation freeze threshold' },
  ])
  expect(amcheckReports(['something else'])).toEqual([
    { subject: 'indexes', problem: 'pg_amcheck found damage: something else' },
  ])
})
