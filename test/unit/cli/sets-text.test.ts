import { expect, test } from 'vitest'
import { listOutcome } from '../../../cli/outcomes/list-outcome.ts'
import { setsText } from '../../../cli/terminal/sets-text.ts'
import { plainStyle } from '../../../cli/terminal/style.ts'
import type { ListedSet } from '../../../functions/archive/catalogue.ts'
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

test('sets by database, with what is damaged and what is incomplete apart', () => {
  expect(setsText(sets, 's3://backups/pg', now, plainStyle)).toMatchSnapshot()
})

test('no sets is said, and where', () => {
  expect(setsText([], 's3://backups/pg', now, plainStyle)).toBe('No backup sets in s3://backups/pg.\n')
})

test('a database with leftovers alone has no backup', () => {
  const [, , , , leftover] = sets
  expect(setsText(leftover === undefined ? [] : [leftover], 'file:///b', now, plainStyle)).toContain('no backup\n')
})

test('for programs: numbers of each state, and one entry per set', () => {
  const outcome = listOutcome('s3://backups/pg', sets)
  expect(outcome.numbers).toEqual({ sets: 4, verifiedSets: 1, damagedSets: 1, incompleteSets: 1, storedBytes: 4 * 1_300 })
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
