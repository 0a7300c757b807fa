import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { isProven, type LatestEvidence, laterEvidence, laterProof } from '../../../functions/archive/catalogue-evidence.ts'
import { type DigestAge, digestAges, digestShareOf, groupAges } from '../../../functions/archive/digest-ages.ts'
import { digestShareText, wholePercent } from '../../../functions/archive/digest-share.ts'
import { parseEvidence, serializeEvidence } from '../../../functions/archive/evidence.ts'
import { evidenceFile, evidenceVerdict } from '../../../functions/archive/keys.ts'
import { formatPlaces, parsePlaces } from '../../../functions/archive/place-ranges.ts'
import { sampleEvidence } from '../../support/evidence.ts'

const share = { tables: 40, ofTables: 200, percent: 21 }
const at = (second: number): number => Date.UTC(2026, 10, 22, 6, 0, second)
const equal = (second: number): string => evidenceFile(at(second), { verdict: 'equal' })
const different = (second: number): string => evidenceFile(at(second), { verdict: 'different' })
const sampled = (second: number): string => evidenceFile(at(second), { verdict: 'sampled', digests: share })

describe('the name of the evidence of a sampled verification', () => {
  test('says of how many tables the digests were compared', () => {
    expect(sampled(4)).toBe('evidence/20261122T060004Z-sampled-40-of-200-21pc.json')
    expect(evidenceVerdict(sampled(4))).toEqual({ verdict: 'sampled', digests: share })
  })

  test.each([
    'sampled',
    'sampled-3-of-3-100pc',
    'sampled-4-of-3-100pc',
    'sampled-1-of-3-101pc',
    'sampled-1-of-3',
    'sampled-x-of-3-1pc',
  ])('is no verdict as %s', (text) => {
    expect(evidenceVerdict(`evidence/20261122T060004Z-${text}.json`)).toBeUndefined()
  })

  test('is nothing that a reader of format 1 takes for a verdict', () => {
    expect(sampled(4)).not.toMatch(/^evidence\/\d{8}T\d{6}Z-(equal|different)\.json$/)
  })

  test('in words never says that everything was compared', () => {
    expect(digestShareText(share)).toBe('digests of 40 of 200 tables (21 % of the bytes), all counts')
  })
})

describe('of several verifications of a set', () => {
  const latest = (...files: string[]): LatestEvidence | undefined =>
    files.reduce<LatestEvidence | undefined>(laterEvidence, undefined)

  test.each([
    ['a later part does not undo a full proof', [equal(1), sampled(2)], 'equal', 1],
    ['a later part does not excuse a difference', [different(1), sampled(2)], 'different', 1],
    ['a full proof outdoes a part, also a later one', [sampled(1), equal(2)], 'equal', 2],
    ['a difference outdoes a part', [sampled(1), different(2)], 'different', 2],
    ['of parts the latest counts', [sampled(1), sampled(3), sampled(2)], 'sampled', 3],
  ])('%s, in whatever order they are listed', (_, files, verdict, second) => {
    for (const order of [files, files.toReversed()]) {
      expect(latest(...order)).toMatchObject({ verdict, atMs: at(second) })
    }
  })

  test('a part counts as a proof, a difference does not', () => {
    expect([latest(equal(1)), latest(sampled(1)), latest(different(1)), undefined].map(isProven)).toEqual([
      ...[true, true, false, false],
    ])
  })

  test('the last one without a difference is the one to go on from', () => {
    const last = (...files: string[]) => files.reduce<string | undefined>(laterProof, undefined)
    expect(last(equal(1), sampled(2), different(3), 'manifest.json')).toBe(sampled(2))
    expect(last(sampled(2), equal(3), sampled(1))).toBe(equal(3))
    expect(last(different(1))).toBeUndefined()
  })
})

describe('places as text', () => {
  test('are ranges', () => {
    expect(formatPlaces([0, 1, 2, 5, 7, 8])).toBe('0-2,5,7-8')
    expect(formatPlaces([])).toBe('')
  })

  test.each(['', '0-9', '1-0', '2,1', '1,1', '0-1,1', 'x', '-1', '1-', '0,,1', '10'])('%s of nine is none', (text) => {
    expect(parsePlaces(text, 9)).toBeUndefined()
  })

  test('come back as they went', () => {
    fc.assert(
      fc.property(fc.uniqueArray(fc.nat(300), { minLength: 1 }), (unsorted) => {
        const places = unsorted.toSorted((a, b) => a - b)
        expect(parsePlaces(formatPlaces(places), 301)).toEqual(places)
      }),
    )
  })
})

describe('how old the digests of a set are', () => {
  const ages: fc.Arbitrary<DigestAge[]> = fc.array(
    fc.record({ sinceMs: fc.integer({ min: at(0), max: at(5) }), compared: fc.boolean() }),
    { minLength: 1, maxLength: 60 },
  )
  const counts = { tables: 1, ofTables: 2, rawBytes: 21, ofRawBytes: 100 }

  test('comes back from the evidence as it went in', () => {
    fc.assert(
      fc.property(ages, (all) => {
        const evidence = sampleEvidence({ ...counts, ages: groupAges(all) }, at(9))
        const read = parseEvidence(serializeEvidence(evidence))
        expect(read && digestAges(read, all.length)).toEqual(all)
      }),
    )
  })

  test('is that of the verification itself after a full one, and unknown after one that found a difference', () => {
    const full = sampleEvidence(undefined, at(3))
    expect(digestAges(full, 2)).toEqual(Array(2).fill({ sinceMs: at(3), compared: true }))
    expect(full.format === 1 && digestAges({ ...full, verdict: 'different' }, 2)).toBeUndefined()
  })

  test('is unknown where the evidence does not fit the set', () => {
    const evidence = sampleEvidence({ ...counts, ages: groupAges(Array(3).fill({ sinceMs: at(0), compared: true })) }, at(9))
    expect(digestAges(evidence, 2)).toBeUndefined()
    expect(digestAges(evidence, 4)).toBeUndefined()
    const hole = { since: new Date(at(0)).toISOString(), compared: true, tables: '0,2' }
    expect(digestAges(sampleEvidence({ ...counts, ages: [hole] }, at(9)), 3)).toBeUndefined()
  })

  test('takes little room, also of 5,000 tables that were compared in turn', () => {
    const all = Array.from({ length: 5000 }, (_, place) => ({ sinceMs: at((place * 7) % 10), compared: place % 13 > 0 }))
    const grouped = groupAges(all)
    expect(grouped.length).toBeLessThanOrEqual(20)
    const bytes = serializeEvidence(sampleEvidence({ ...counts, ofTables: 5000, ages: grouped }, at(20))).length
    expect(bytes).toBeLessThan(40_000)
  })
})

test('the share is rounded down: of anything less than all, never to all', () => {
  expect(wholePercent(999_999, 1_000_000)).toBe(99)
  expect(wholePercent(0, 0)).toBe(100)
  expect(digestShareOf({ tables: 3, ofTables: 9, rawBytes: 219, ofRawBytes: 1000, ages: [] })).toEqual({
    ...{ tables: 3, ofTables: 9, percent: 21 },
  })
})

test('evidence of format 1 never says sampled, and of format 2 never equal', () => {
  const whole = sampleEvidence(undefined, at(0))
  const part = sampleEvidence({ tables: 1, ofTables: 2, rawBytes: 1, ofRawBytes: 2, ages: [] }, at(0))
  const bytes = (evidence: object): Uint8Array => Buffer.from(JSON.stringify(evidence))
  expect(parseEvidence(bytes(whole))).toEqual(whole)
  expect(parseEvidence(bytes(part))).toEqual(part)
  expect(parseEvidence(bytes({ ...whole, verdict: 'sampled' }))).toBeUndefined()
  expect(parseEvidence(bytes({ ...part, verdict: 'equal' }))).toBeUndefined()
  expect(parseEvidence(bytes({ ...part, format: 1 }))).toBeUndefined()
})
