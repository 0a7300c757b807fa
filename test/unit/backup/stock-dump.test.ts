import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { formatSetName } from '../../../functions/archive/set-name.ts'
import { globalsArguments, randomRun, schemaDumpArguments, warningLines } from '../../../functions/backup/stock-dump.ts'
import { sampleSourceTable } from '../../support/source-tables.ts'

const option = '--exclude-table-data='
const exclusions = (...tables: Parameters<typeof sampleSourceTable>[0][]): string[] =>
  schemaDumpArguments({ database: 'app', snapshot: 's', tables: tables.map(sampleSourceTable), lockWaitSeconds: 30 })
    .filter((argument) => argument.startsWith(option))
    .map((argument) => argument.slice(option.length))

describe('the arguments of pg_dump', () => {
  test('name the database, the snapshot, the format and how long to wait for a lock, and no host or user', () => {
    const plain = { database: 'app', snapshot: '00000003-0000001B-1', tables: [] }
    expect(schemaDumpArguments({ ...plain, lockWaitSeconds: 1.5 })).toEqual([
      expect.stringMatching(/^--dbname=dbname='app' keepalives_idle=/),
      '--format=custom',
      '--compress=1',
      '--no-password',
      '--snapshot=00000003-0000001B-1',
      '--lock-wait-timeout=1500',
    ])
    expect(schemaDumpArguments({ ...plain, lockWaitSeconds: 0 })).toContain('--lock-wait-timeout=1')
  })

  test('leave out the rows that units hold, schema by schema, and keep those that only pg_dump carries', () => {
    expect(
      exclusions(
        { schema: 'public', name: 'orders' },
        { schema: 'Sales "EU"', name: 'a.b' },
        { schema: 'public', name: 'config', leftToPgDump: 'configuration of an extension' },
        { schema: 'public', name: 'a|b' },
      ),
    ).toEqual(['"public".("a|b"|"orders")', '"Sales ""EU"""."a.b"'])
  })

  test('stay short enough for the kernel, however many and long the names', () => {
    const names = fc.array(fc.string({ unit: fc.constantFrom('"', '🐘', 'a'), minLength: 15, maxLength: 15 }), {
      minLength: 1,
      maxLength: 900,
    })
    fc.assert(
      fc.property(names, (all) => {
        const patterns = exclusions(...all.map((name) => ({ name })))
        expect(patterns).toHaveLength(Math.ceil(all.length / 400))
        for (const pattern of patterns) expect(Buffer.byteLength(option + pattern)).toBeLessThan(128 * 1024)
      }),
      { numRuns: 20 },
    )
  })
})

test('the arguments of pg_dumpall ask for roles, without their password verifiers unless told so', () => {
  const without = globalsArguments("my app's", false)
  expect(without).toContain('--roles-only')
  expect(without).toContain('--no-role-passwords')
  expect(without.filter((argument) => argument.startsWith(`--database=dbname='my app\\'s' `))).toHaveLength(1)
  expect(globalsArguments('app', true)).not.toContain('--no-role-passwords')
})

test('warnings of a stock tool are kept, its other lines are not', () => {
  const stderr = [
    'pg_dump: last built-in OID is 16383',
    'pg_dump: warning: could not find where to insert IF EXISTS in statement "x"',
    'pg_dump: detail: warnings follow',
    'pg_dumpall: warning: option is deprecated',
    '',
  ].join('\n')
  expect(warningLines(stderr)).toEqual([
    'pg_dump: warning: could not find where to insert IF EXISTS in statement "x"',
    'pg_dumpall: warning: option is deprecated',
  ])
  expect(warningLines('')).toEqual([])
})

test('a random run can be part of a set name and does not repeat', () => {
  const runs = Array.from({ length: 1000 }, randomRun)
  expect(new Set(runs).size).toBe(runs.length)
  for (const run of runs) expect(formatSetName({ startedMs: 0, run })).toBe(`1970-01-01T000000Z-${run}`)
})
