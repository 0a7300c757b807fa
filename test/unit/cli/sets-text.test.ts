import { describe, expect, test } from 'vitest'
import { listOutcome } from '../../../cli/outcomes/list-outcome.ts'
import { elsewhereText } from '../../../cli/terminal/elsewhere-text.ts'
import { setsText } from '../../../cli/terminal/sets-text.ts'
import { plainStyle } from '../../../cli/terminal/style.ts'
import type { ListedSet } from '../../../functions/archive/catalogue.ts'
import type { Holder } from '../../../functions/archive/held-sets.ts'
import { Failure } from '../../../functions/platform/failure.ts'
import type { StoreListing } from '../../../functions/runtime/list-stores.ts'
import { sampleManifest } from '../../support/manifests.ts'
import { address } from '../../support/stored-sets.ts'

const now = Date.parse('2026-11-22T12:00:00Z')
const { summary } = sampleManifest()

function complete(set: string, database: string, verified?: 'equal' | 'different'): ListedSet {
  return {
    state: 'complete',
    publishedMs: 0,
    address: address(set, { database }),
    summary: { ...summary, set, database, rows: 1_234_567 },
    ...(verified && { verified: { atMs: now - 3_600_000, verdict: verified } }),
  }
}

const sets: ListedSet[] = [
  complete('2026-11-20T060000Z-daily', 'app', 'equal'),
  complete('2026-11-21T060000Z-daily', 'app', 'different'),
  { state: 'damaged', publishedMs: 0, address: address('2026-11-21T120000Z-daily'), reason: 'its manifest is cut off' },
  complete('2026-11-22T060000Z-daily', 'app'),
  { state: 'incomplete', address: address('2026-11-22T120000Z-daily'), objects: 3, bytes: 5_000_000, modifiedMs: now - 60_000 },
  complete('2026-11-22T060000Z-daily', 'orders'),
]

const only = (own: ListedSet[]): StoreListing[] => [
  { name: 's3://backups/pg', location: 's3://backups/pg', isCopy: false, sets: own },
]

test('sets by database, with what is damaged and what is incomplete apart', () => {
  expect(setsText(only(sets), now, plainStyle)).toMatchSnapshot()
})

test('a set of which verification compared a part says so, for people and for programs', () => {
  const digests = { tables: 40, ofTables: 200, percent: 21 }
  const [, , , set] = sets
  if (set?.state !== 'complete') throw new Error('the sample has a set that nobody verified')
  const own: ListedSet[] = [{ ...set, verified: { atMs: now - 3_600_000, verdict: 'sampled', digests } }]
  const text = setsText(only(own), now, plainStyle)
  expect(text).toContain('equal; digests of 40 of 200 tables (21 % of the bytes), all counts, 1 h ago')
  expect(listOutcome(only(own))).toMatchObject({
    numbers: { verifiedSets: 0, sampledSets: 1 },
    details: { sets: [{ verified: { verdict: 'sampled', digests, at: '2026-11-22T11:00:00.000Z' } }] },
  })
})

test('no sets is said, and where', () => {
  expect(setsText(only([]), now, plainStyle)).toBe('No backup sets in s3://backups/pg.\n')
})

test('a database with leftovers alone has no backup', () => {
  const [, , , , leftover] = sets
  expect(setsText(only(leftover === undefined ? [] : [leftover]), now, plainStyle)).toContain('no backup\n')
})

test('for programs: numbers of each state, and one entry per set', () => {
  const outcome = listOutcome(only(sets))
  expect(outcome.numbers).toEqual({
    stores: 1,
    failedStores: 0,
    sets: 4,
    verifiedSets: 1,
    sampledSets: 0,
    damagedSets: 1,
    incompleteSets: 1,
    storedBytes: 4 * 1_300,
  })
  expect(outcome.details).toMatchObject({
    sets: [
      { state: 'complete', set: '2026-11-20T060000Z-daily', verified: { verdict: 'equal', at: '2026-11-22T11:00:00.000Z' } },
      { verified: { verdict: 'different' } },
      { state: 'damaged', reason: 'its manifest is cut off' },
      { verified: null },
      { state: 'incomplete', objects: 3, modifiedAt: '2026-11-22T11:59:00.000Z' },
      { database: 'orders' },
    ],
  })
})

describe('several stores', () => {
  const proven = (set: ListedSet): ListedSet => (set.state === 'complete' ? { ...set, comparedMs: now - 7_200_000 } : set)
  const [first, second, , third] = sets
  if (first === undefined || second === undefined || third === undefined) throw new Error('the sample has too few sets')
  const unreachable = new Failure('Listing failed: ECONNREFUSED', { kind: 'transient', subject: 's', hint: 'Look.' })
  const listings: StoreListing[] = [
    { name: 'main', location: 's3://backups/pg', isCopy: false, sets: [second, third] },
    { name: 'nas', location: 'file:///mnt/nas', isCopy: true, sets: [proven(first), third] },
    { name: 'far', location: 's3://far', isCopy: true, failure: unreachable },
  ]

  test('say of each set where it is, and of a store that was not listed that nothing is known', () => {
    expect(setsText(listings, now, plainStyle)).toMatchSnapshot()
  })

  test('for programs: the copies that count, and every holder', () => {
    const outcome = listOutcome(listings)
    expect(outcome).toMatchObject({
      ok: false,
      failure: { kind: 'transient', message: 'far could not be listed: Listing failed: ECONNREFUSED' },
      numbers: { stores: 3, failedStores: 1, sets: 3 },
    })
    expect(outcome.details).toMatchObject({
      stores: [{ name: 'main', sets: 2 }, { name: 'nas', sets: 2 }, { failure: { kind: 'transient' } }],
      sets: [
        { countedCopies: 1, copies: [{ store: 'nas', holding: 'compared', comparedAt: '2026-11-22T10:00:00.000Z' }] },
        { countedCopies: 0, copies: [{ store: 'main', holding: 'different' }] },
        {
          countedCopies: 1,
          copies: [
            { store: 'main', holding: 'original' },
            { store: 'nas', holding: 'uncompared' },
          ],
        },
      ],
    })
  })
})

test.each<[Holder[], string[], string]>([
  [[], [], 'No other store of the definition is known to hold this set.'],
  [[], ['far'], 'No other store of the definition is known to hold this set. far did not answer.'],
  [[{ store: 'nas', holding: 'compared' }], [], 'This set is also in nas: add --store nas.'],
  [
    [
      { store: 'far', holding: 'uncompared' },
      { store: 'bad', holding: 'damaged' },
      { store: 'nas', holding: 'compared' },
    ],
    [],
    'This set is also in nas, far (not compared): add --store nas.',
  ],
])('where else a set is: %j', (holders, unasked, text) => {
  expect(elsewhereText(holders, unasked)).toBe(text)
})
