import { describe, expect, test } from 'vitest'
import { evidenceFile } from '../../../functions/archive/keys.ts'
import { type ChosenProof, cautionText, proofDetails, readChosenProof } from '../../../functions/restore/chosen-proof.ts'
import { address, storeSet, useFileStore } from '../../support/stored-sets.ts'

const set = '2026-11-22T060000Z-daily'
const atMs = Date.parse('2026-11-22T07:00:00Z')
const digests = { tables: 1, ofTables: 3, percent: 21 }
const sampled = { verdict: 'sampled', digests, atMs } as const
const age = (day: number, compared = true) => ({ sinceMs: Date.UTC(2026, 10, day, 5), compared })
const share = 'equal; digests of 1 of 3 tables (21 % of the bytes), all counts'

describe('of a set that was compared in part, whoever restores it reads', () => {
  const caution = (ages: ChosenProof['ages']) => cautionText({ verified: sampled, ...(ages && { ages }) }, set)

  test.each([
    [
      'all',
      [age(20), age(22), age(21)],
      'compared by digest, in this set or an earlier one: every table since 2026-11-20 05:00 UTC',
    ],
    [
      'all but new ones',
      [age(21), age(19, false), age(22)],
      'compared by digest, in this set or an earlier one: 1 of 3 tables never, the others since 2026-11-21 05:00 UTC',
    ],
    ['none', [age(19, false)], 'compared by digest, in this set or an earlier one: 1 of 1 tables never'],
    ['what nobody knows', undefined, 'when each table was last compared is not known'],
  ])('when its tables were compared: %s', (_, ages, since) => {
    expect(caution(ages)).toBe(`${set} was verified in part: ${share}; ${since}. To compare the rest: ballast verify ${set}`)
  })

  test('programs read the same', () => {
    const details = { verdict: 'sampled', digests, at: '2026-11-22T07:00:00.000Z' }
    expect(proofDetails({ verified: sampled, ages: [age(21), age(19, false), age(22)] })).toEqual({
      ...{ ...details, tablesNeverCompared: 1, comparedSince: '2026-11-21T05:00:00.000Z' },
    })
    expect(proofDetails({ verified: sampled, ages: [age(19, false)] })).toEqual({ ...details, tablesNeverCompared: 1 })
    expect(proofDetails({ verified: sampled })).toEqual(details)
  })
})

test('of one that is proven nothing need be said, and one that differs is not restored in silence', () => {
  expect(cautionText({ verified: { verdict: 'equal', atMs } }, set)).toBeUndefined()
  expect(cautionText({ verified: { verdict: 'different', atMs } }, set)).toContain('different from its source')
})

describe('what is known of a set', () => {
  const files = useFileStore()
  const read = (found: object) =>
    readChosenProof(files.store(), { address: address(set), ...found }, new AbortController().signal)

  test('is nothing where nobody looked', async () => {
    expect(await read({})).toBeUndefined()
  })

  test('is what its listing says, and an evidence that cannot be read keeps nobody from restoring', async () => {
    const file = evidenceFile(atMs, { verdict: 'sampled', digests })
    expect(await read({ verified: sampled, proofFile: file })).toEqual({ verified: sampled })
    await storeSet(files.store(), address(set), { evidence: [file.slice('evidence/'.length)] })
    expect(await read({ verified: sampled, proofFile: file })).toEqual({ verified: sampled })
    expect(await read({ verified: { verdict: 'equal', atMs }, proofFile: file })).toEqual({
      verified: { verdict: 'equal', atMs },
    })
  })
})
