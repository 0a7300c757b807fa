import { describe, expect, test } from 'vitest'
import type { CompleteSet, ListedSet } from '../../../functions/archive/catalogue.ts'
import type { StoreSets } from '../../../functions/archive/held-sets.ts'
import { type FreshnessLimits, freshnessFindings } from '../../../functions/runtime/freshness-verdicts.ts'
import type { LateDigests } from '../../../functions/runtime/late-digests.ts'
import { sampleManifest } from '../../support/manifests.ts'

const now = Date.parse('2026-11-22T12:00:00Z')
const hourMs = 3_600_000
const limits: FreshnessLimits = {
  ...{ maxAgeSeconds: 26 * 3600, maxVerifiedAgeSeconds: 50 * 3600, maxShrinkPercent: 30, minCopies: 1 },
}

type Verdict = 'equal' | 'different' | 'none'

/** A set begun so many hours ago. */
function set(hoursAgo: number, verdict: Verdict = 'equal', summary: Partial<CompleteSet['summary']> = {}): CompleteSet {
  const startedMs = now - hoursAgo * hourMs
  const { summary: sample } = sampleManifest()
  return {
    state: 'complete',
    address: { cluster: 'shop', database: 'app', set: `set-${hoursAgo}` },
    publishedMs: startedMs + 600_000,
    summary: { ...sample, startedAt: new Date(startedMs).toISOString(), tables: 10, rows: 1000, rawBytes: 50_000, ...summary },
    ...(verdict !== 'none' && { verified: { atMs: startedMs + hourMs, verdict } }),
  }
}

const damaged = (hoursAgo: number): ListedSet => ({
  ...{
    state: 'damaged',
    address: { cluster: 'shop', database: 'app', set: `set-${hoursAgo}` },
    reason: 'its manifest is cut off',
  },
  publishedMs: now - hoursAgo * hourMs,
})

const main = (...sets: ListedSet[]): StoreSets[] => [{ name: 'main', isCopy: false, sets }]

/** The names of the findings that are not ok, with their status. */
function alarms(stores: StoreSets[], changed: Partial<FreshnessLimits> = {}): string[] {
  const findings = freshnessFindings(stores, { ...limits, ...changed }, now)
  for (const { status, fix } of findings) if (status !== 'ok') expect(fix).toBeTruthy()
  return findings.filter(({ status }) => status !== 'ok').map(({ name, status }) => `${name} ${status}`)
}

const findingOf = (name: string, stores: StoreSets[]): string | undefined =>
  freshnessFindings(stores, limits, now).find((one) => one.name === name)?.finding

test('a healthy history raises nothing', () => {
  expect(alarms(main(set(2, 'none'), set(26), set(50), set(74)))).toEqual([])
})

describe('age', () => {
  test.each([
    ['to the second within the limit', 26, []],
    ['over it', 26.01, ['backup fail']],
  ])('%s', (_, hoursAgo, expected) => {
    expect(alarms(main(set(hoursAgo)))).toEqual(expected)
  })

  test('never ran is not old: it says so, in every respect', () => {
    expect(alarms(main())).toEqual(['backup fail', 'verification fail', 'copies fail'])
    expect(findingOf('backup', main())).toBe('there is none')
  })

  test('a set from the future neither counts as fresh nor goes unnoticed', () => {
    expect(alarms(main(set(-48), set(100)))).toEqual(['backup fail', 'verification fail'])
    expect(findingOf('backup', main(set(-48), set(2)))).toBe('1 of its sets are from the future')
  })

  test('an incomplete set is no backup', () => {
    const leftover: ListedSet = {
      ...{
        state: 'incomplete',
        address: { cluster: 'shop', database: 'app', set: 'x' },
        objects: 1,
        bytes: 1,
        modifiedMs: now,
      },
    }
    expect(alarms(main(leftover))).toEqual(['backup fail', 'verification fail', 'copies fail'])
  })
})

describe('verification', () => {
  test('never verified, or not for too long', () => {
    expect(alarms(main(set(2, 'none'), set(26, 'none')))).toEqual(['verification fail', 'copies fail'])
    expect(alarms(main(set(2, 'none'), set(26, 'none'), set(51)))).toEqual(['verification fail'])
  })

  test('the last one that found a difference is an alarm, also while an older set is good', () => {
    expect(alarms(main(set(2, 'different'), set(26)))).toEqual(['verification fail'])
    expect(findingOf('verification', main(set(2, 'different'), set(26)))).toContain('set-2 different')
  })

  test('a difference that a newer verified set has outlived is history', () => {
    expect(alarms(main(set(2), set(26, 'different')))).toEqual([])
  })
})

describe('a verification that compared a part of the rows', () => {
  const digests = { tables: 40, ofTables: 200, percent: 21 }
  const sampled = (hoursAgo: number): CompleteSet => ({
    ...set(hoursAgo),
    verified: { atMs: now - (hoursAgo - 1) * hourMs, verdict: 'sampled', digests },
  })

  test('proves a set as what it is', () => {
    expect(alarms(main(sampled(2), set(99)))).toEqual([])
    expect(findingOf('verification', main(sampled(2), set(99)))).toBe(
      'the newest proven set is 2.0 h old (set-2: equal; digests of 40 of 200 tables (21 % of the bytes), all counts); at most 50.0 h',
    )
    expect(alarms(main(sampled(51)), { maxAgeSeconds: 99 * 3600 })).toEqual(['verification fail'])
  })

  const within = { everythingWithin: { seconds: 7 * 86_400, runSeconds: 3600 } }
  const findings = (late: LateDigests | undefined) =>
    freshnessFindings(main(sampled(2)), { ...limits, ...within }, now, late).filter(({ name }) => name === 'digests')
  const late = (count: number) =>
    Array.from({ length: count }, (_, index) => ({ schema: 'public', name: `t${index}`, sinceMs: now - 200 * hourMs }))

  test('warns of the tables that were not compared by digest for too long, how many and which', () => {
    expect(findings({ set: 'set-2', tables: late(2) })).toEqual([
      {
        ...{ name: 'digests', status: 'warn', fix: expect.stringContaining('ballast verify') },
        finding: '2 tables were not compared by digest for more than 7.0 days: public.t0 (8.3 days), public.t1 (8.3 days)',
      },
    ])
    expect(findings({ set: 'set-2', tables: late(300) })[0]?.finding).toMatch(/^300 tables were .* and 290 more$/)
    expect(findings({ set: 'set-2', tables: late(1) })[0]?.finding).toMatch(/^1 table was /)
  })

  test('says that none is late, and that it is not known', () => {
    expect(findings({ set: 'set-2', tables: [] })).toEqual([
      { name: 'digests', status: 'ok', finding: 'every table of set-2 was compared within 7.0 days' },
    ])
    expect(findings({ problem: 'access denied' })).toMatchObject([
      { status: 'warn', finding: expect.stringMatching(/access denied$/) },
    ])
    expect(findings(undefined)).toEqual([])
  })
})

describe('size', () => {
  test.each<[string, Partial<CompleteSet['summary']>, string[]]>([
    ['rows', { rows: 699 }, ['size fail']],
    ['rows within the limit', { rows: 700 }, []],
    ['bytes', { rawBytes: 1000 }, ['size fail']],
    ['tables', { tables: 2 }, ['size fail']],
    ['growth', { rows: 90_000, rawBytes: 9_000_000, tables: 99 }, []],
  ])('%s', (_, summary, expected) => {
    expect(alarms(main(set(2, 'equal', summary), set(26), set(50)))).toEqual(expected)
  })

  test('goes on alarming while most of what is compared with was larger, then takes the new size for usual', () => {
    const small = (hoursAgo: number) => set(hoursAgo, 'equal', { rows: 10 })
    const large = [set(99), set(100), set(101), set(102)]
    expect(alarms(main(small(2), small(3), small(4), ...large))).toEqual(['size fail'])
    expect(alarms(main(small(2), ...[3, 4, 5, 6].map(small), ...large))).toEqual([])
  })

  test('an empty database stays well', () => {
    const none = { rows: 0, rawBytes: 0, tables: 0 }
    expect(alarms(main(set(2, 'equal', none), set(3, 'equal', none)))).toEqual([])
  })
})

describe('copies', () => {
  const copied = (hoursAgo: number, verdict: Verdict = 'equal'): CompleteSet => ({ ...set(hoursAgo, verdict), comparedMs: now })
  const stores = (...copies: ListedSet[][]): StoreSets[] => [
    ...main(set(2, 'none'), set(26)),
    ...copies.map((sets, index) => ({ name: `copy-${index}`, isCopy: true, sets })),
  ]

  test('are those of the newest proven set', () => {
    expect(alarms(stores([copied(26)], [copied(26)]), { minCopies: 3 })).toEqual([])
    expect(alarms(stores([copied(26)], [copied(50)]), { minCopies: 3 })).toEqual(['copies fail'])
    expect(alarms(stores([damaged(26)]), { minCopies: 2 })).toEqual(['copies fail'])
  })

  test('count only when they were compared, and not when they were found different since', () => {
    expect(alarms(stores([set(26)]), { minCopies: 2 })).toEqual(['copies fail'])
    expect(alarms(stores([copied(26, 'none')]), { minCopies: 2 })).toEqual([])
    expect(alarms(stores([copied(26, 'different')]), { minCopies: 2 })).toEqual(['copies fail'])
  })

  test('that are missing are named by their store, with what it has instead', () => {
    const find = (copies: ListedSet[][]) =>
      freshnessFindings(stores(...copies), { ...limits, minCopies: 3 }, now).find(({ name }) => name === 'copies')
    expect(find([[copied(26)], [set(26)]])).toMatchObject({
      finding: '2 of set-26; at least 3; copy-1 has it without having been compared',
      fix: expect.stringContaining('bring it to copy-1,'),
    })
    expect(find([[copied(50)], []])?.finding).toBe('1 of set-26; at least 3')
  })
})

test('damage newer than the newest good set fails, older damage warns', () => {
  expect(alarms(main(damaged(1), set(2)))).toEqual(['damage fail'])
  expect(alarms(main(set(2), damaged(30)))).toEqual(['damage warn'])
})
