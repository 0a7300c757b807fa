import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import {
  databasePrefix,
  evidenceFile,
  evidenceVerdict,
  manifestFile,
  parseKey,
  type SetAddress,
  setPrefix,
  unitFile,
} from '../../../functions/archive/keys.ts'
import { Failure } from '../../../functions/platform/failure.ts'

const set = '2026-11-22T060000Z-daily'
/** Any name PostgreSQL takes, and the ones that mean something to a path, a URL or a shell. */
const name = fc.oneof(
  fc.string({ unit: 'binary', minLength: 1, maxLength: 63 }),
  fc.constantFrom(
    '.',
    '..',
    '...',
    'a/b',
    '/',
    '%2F',
    '%',
    '"',
    "'",
    '`',
    '$(x)',
    'a b',
    ' ',
    '\n',
    'ação',
    '数据库',
    '🐘',
    '~',
    '*',
  ),
)

describe('a key', () => {
  test('says which set of which database of which cluster it belongs to, whatever their names', () => {
    fc.assert(
      fc.property(name, name, (cluster, database) => {
        const address: SetAddress = { cluster, database, set }
        expect(parseKey(setPrefix(address) + unitFile(7))).toEqual({ ...address, file: 'data/000007.zst' })
      }),
      { numRuns: 1000 },
    )
  })

  test('holds nothing that a store, a URL, a path or a shell would read otherwise', () => {
    fc.assert(
      fc.property(name, name, (cluster, database) => {
        const prefix = databasePrefix(cluster, database)
        expect(prefix).toMatch(/^[A-Za-z0-9._%-]+\/[A-Za-z0-9._%-]+\/$/)
        for (const part of prefix.split('/')) expect(part).not.toMatch(/^\.+$/)
      }),
      { numRuns: 1000 },
    )
  })

  test('differs for different names', () => {
    fc.assert(
      fc.property(fc.tuple(name, name), fc.tuple(name, name), ([a, b], [c, d]) => {
        expect(databasePrefix(a, b) === databasePrefix(c, d)).toBe(a === c && b === d)
      }),
    )
  })

  test('no database prefix is the beginning of another', () => {
    fc.assert(
      fc.property(fc.tuple(name, name), fc.tuple(name, name), ([a, b], [c, d]) => {
        fc.pre(a !== c || b !== d)
        expect(databasePrefix(a, b).startsWith(databasePrefix(c, d))).toBe(false)
      }),
    )
  })

  test.each([
    ['shop', 'app', 'shop/app/'],
    ['a/b', 'app', 'a%2Fb/app/'],
    ['..', '.', '%2E%2E/%2E/'],
    ["it's (new)!*~", 'a b', 'it%27s%20%28new%29%21%2A%7E/a%20b/'],
    ['Ação', '🐘', 'A%C3%A7%C3%A3o/%F0%9F%90%98/'],
  ])('of cluster %j and database %j begins with %s', (cluster, database, prefix) => {
    expect(databasePrefix(cluster, database)).toBe(prefix)
  })

  test.each([
    'manifest.json',
    'shop/app',
    `shop/app/${set}`,
    'shop/app/2026-11-22/manifest.json',
    'shop/app/latest/manifest.json',
    `%E0%A4%A/app/${set}/${manifestFile}`,
    `shop/%ZZ/${set}/${manifestFile}`,
  ])('%s is none of ours', (key) => {
    expect(parseKey(key)).toBeUndefined()
  })
})

test('a set that could not have been written is refused by name', () => {
  expect(() => setPrefix({ cluster: 'shop', database: 'app', set: '../other' })).toThrow(
    expect.objectContaining({ kind: 'config', subject: '../other', constructor: Failure }),
  )
})

test('units sort as text in the order of their numbers', () => {
  fc.assert(
    fc.property(fc.integer({ min: 1, max: 999_999 }), fc.integer({ min: 1, max: 999_999 }), (a, b) => {
      expect(unitFile(a) < unitFile(b)).toBe(a < b)
    }),
  )
  expect(unitFile(1)).toBe('data/000001.zst')
})

describe('the name of an evidence file', () => {
  test('says when and with what verdict', () => {
    const file = evidenceFile(Date.UTC(2026, 10, 22, 6, 5, 4, 999), { verdict: 'equal' })
    expect(file).toBe('evidence/20261122T060504Z-equal.json')
    expect(evidenceVerdict(file)).toEqual({ verdict: 'equal' })
    expect(evidenceVerdict(evidenceFile(0, { verdict: 'different' }))).toEqual({ verdict: 'different' })
  })

  test.each([
    'evidence/20261122T060504Z.json',
    'evidence/20261122T060504Z-unequal.json',
    'evidence/20261122T060504Z-equal.json.tmp',
    'x/evidence/20261122T060504Z-equal.json',
    manifestFile,
  ])('%s gives no verdict', (file) => {
    expect(evidenceVerdict(file)).toBeUndefined()
  })
})
