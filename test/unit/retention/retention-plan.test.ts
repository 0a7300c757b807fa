import { describe, expect, test } from 'vitest'
import type { KeepRules, RetentionPolicy } from '../../../functions/retention/policy.ts'
import { planRetention, type RetainedSet, type Standing } from '../../../functions/retention/retention-plan.ts'

const now = Date.parse('2026-11-22T12:00:00Z')
const policyOf = (keep: KeepRules, changed: Partial<RetentionPolicy> = {}): RetentionPolicy => ({
  ...{ keep, floor: 1, timeZone: 'UTC' },
  ...changed,
})

/** A set of shop/app, published ten minutes after it began. */
function set(started: string, standing: Standing = 'verified', changed: Partial<RetainedSet> = {}): RetainedSet {
  const startedMs = Date.parse(started)
  const name = `${started.slice(0, 10)}T${started.slice(11, 19).replaceAll(':', '')}Z-daily`
  return {
    address: { cluster: 'shop', database: 'app', set: name },
    ...{ standing, startedMs, publishedMs: startedMs + 600_000 },
    ...changed,
  }
}

/** Days of which sets are kept, oldest first as given. */
const keptOf = (sets: readonly RetainedSet[], policy: RetentionPolicy, nowMs = now): string[] =>
  planRetention(sets, policy, nowMs)
    .filter(({ remove }) => !remove)
    .map(({ startedMs }) => new Date(startedMs).toISOString().slice(5, 13))

const reasonOf = (sets: readonly RetainedSet[], policy: RetentionPolicy, which: RetainedSet): string[] =>
  planRetention(sets, policy, now).find(({ address }) => address.set === which.address.set)?.reasons ?? []

const day = (number: number, time = '03:00:00'): string => `2026-11-${String(number).padStart(2, '0')}T${time}Z`

describe('only verified sets satisfy a rule', () => {
  test('a set that is not verified does not take the place of one that is', () => {
    const sets = [set(day(19)), set(day(20)), set(day(21), 'different'), set(day(22), 'unverified')]
    expect(keptOf(sets, policyOf({ last: 1 }))).toEqual(['11-20T03', '11-21T03', '11-22T03'])
  })

  test.each<[Standing, string]>([
    ['unverified', 'not verified, and no newer set is verified'],
    ['different', 'found different when verified, and no newer set is verified'],
    ['damaged', 'damaged, and no newer set is verified'],
  ])('what is %s stays until a newer one verifies, and then goes', (standing, reason) => {
    const one = set(day(20), standing)
    expect(reasonOf([set(day(19)), one], policyOf({ last: 1 }), one)).toEqual([reason])
    const newer = set(day(21))
    const [, step] = planRetention([set(day(19)), one, newer], policyOf({ last: 1 }), now)
    expect(step).toMatchObject({ remove: true, reasons: [expect.stringContaining(`${newer.address.set} is verified`)] })
  })

  test('without any verified set nothing is deleted', () => {
    const sets = [set(day(1), 'unverified'), set(day(2), 'different'), set(day(3), 'damaged'), set(day(4), 'unverified')]
    expect(keptOf(sets, policyOf({ last: 1 }))).toHaveLength(4)
  })
})

describe('what can never be deleted', () => {
  test('is the floor, whatever the rules say', () => {
    const sets = [18, 19, 20, 21, 22].map((number) => set(day(number)))
    expect(keptOf(sets, policyOf({ last: 1 }, { floor: 3 }))).toEqual(['11-20T03', '11-21T03', '11-22T03'])
    expect(reasonOf(sets, policyOf({ last: 1 }, { floor: 3 }), set(day(20)))).toEqual(['one of the last 3 verified sets'])
    expect(reasonOf(sets, policyOf({ last: 1 }), set(day(22)))).toEqual(['last', 'the last verified set'])
  })

  test('counts each database by itself', () => {
    const other = (number: number): RetainedSet =>
      set(day(number), 'verified', { address: { cluster: 'shop', database: 'ledger', set: `2026-11-0${number}T030000Z-x` } })
    const sets = [other(1), other(2), set(day(21)), set(day(22))]
    expect(keptOf(sets, policyOf({ last: 1 }))).toEqual(['11-02T03', '11-22T03'])
  })
})

describe('sets of which verification compared a part of the rows', () => {
  const daily = [set(day(18)), set(day(19)), ...[20, 21, 22].map((number) => set(day(number), 'sampled'))]

  test('satisfy the rules, and never push out the last set that was compared in full', () => {
    expect(keptOf(daily, policyOf({ last: 2 }))).toEqual(['11-19T03', '11-21T03', '11-22T03'])
    expect(reasonOf(daily, policyOf({ last: 2 }), set(day(19)))).toEqual(['the last set compared in full'])
    expect(reasonOf(daily, policyOf({ last: 2 }), set(day(22)))).toEqual(['last', 'the last verified set'])
  })

  test('leave as many of those as the floor says', () => {
    expect(keptOf(daily, policyOf({ last: 1 }, { floor: 2 }))).toEqual(['11-18T03', '11-19T03', '11-21T03', '11-22T03'])
  })

  test('go as any other when no rule keeps them, and the full ones when newer ones follow', () => {
    const sets = [set(day(18)), set(day(19), 'sampled'), set(day(20), 'sampled'), set(day(21)), set(day(22), 'sampled')]
    expect(keptOf(sets, policyOf({ last: 1 }))).toEqual(['11-21T03', '11-22T03'])
  })

  test('outdo what nobody has verified, and say as what', () => {
    const one = set(day(20), 'unverified')
    const newer = set(day(21), 'sampled')
    expect(reasonOf([one, newer], policyOf({ last: 1 }), one)).toEqual([
      `not verified, and ${newer.address.set} is verified in part`,
    ])
  })

  test('alone are kept by the floor', () => {
    const sets = [20, 21, 22].map((number) => set(day(number), 'sampled'))
    expect(keptOf(sets, policyOf({ last: 1 }, { floor: 2 }))).toEqual(['11-21T03', '11-22T03'])
  })
})

describe('clocks that were wrong', () => {
  test('a set from the future is kept and pushes nothing out', () => {
    const future = set('2031-01-01T00:00:00Z')
    const sets = [set(day(20)), set(day(21)), future]
    expect(keptOf(sets, policyOf({ last: 1, withinSeconds: 86_400 }))).toEqual(['11-21T03', '01-01T00'])
    expect(reasonOf(sets, policyOf({ last: 1 }), future)).toEqual([expect.stringContaining('in the future')])
  })

  test('new sets with old times are kept as the newest that the store took', () => {
    const back = set('2020-01-01T00:00:00Z', 'verified', { publishedMs: Date.parse(day(22, '11:00:00')) })
    const sets = [back, set(day(20)), set(day(21))]
    expect(keptOf(sets, policyOf({ last: 1 }))).toEqual(['01-01T00', '11-21T03'])
    expect(reasonOf(sets, policyOf({ last: 1 }), back)).toEqual(["the last verified set by the store's clock"])
  })

  test('an unverified set with an old time that was stored last is not outdone by its time alone', () => {
    const back = set('2020-01-01T00:00:00Z', 'unverified', { publishedMs: Date.parse(day(22, '11:00:00')) })
    expect(keptOf([back, set(day(20)), set(day(21))], policyOf({ last: 1 }))).toEqual(['01-01T00', '11-21T03'])
  })

  test('a machine whose own clock is behind deletes nothing', () => {
    const sets = [20, 21, 22].map((number) => set(day(number)))
    expect(keptOf(sets, policyOf({ last: 1 }), Date.parse('2001-01-01T00:00:00Z'))).toHaveLength(3)
  })
})

test('two sets of one moment are told apart by name, and only one of them counts', () => {
  const twin = (name: string): RetainedSet =>
    set(day(21), 'verified', { address: { cluster: 'shop', database: 'app', set: `2026-11-21T030000Z-${name}` } })
  const steps = planRetention([twin('a'), twin('b')], policyOf({ last: 1 }), now)
  expect(steps.map(({ remove }) => remove)).toEqual([true, false])
})

test('every set has a step, in the given order, and every step a reason', () => {
  const sets = [set(day(22)), set(day(3), 'different'), set(day(21), 'unverified'), set(day(4))]
  const steps = planRetention(sets, policyOf({ daily: 1 }), now)
  expect(steps.map(({ address }) => address)).toEqual(sets.map(({ address }) => address))
  for (const { reasons } of steps) expect(reasons.length).toBeGreaterThan(0)
})

test.each<[string, RetentionPolicy]>([
  ['no rule', policyOf({})],
  ['rules that keep none', policyOf({ last: 0, daily: 0, withinSeconds: 0 })],
  ['no floor', policyOf({ last: 3 }, { floor: 0 })],
])('a policy with %s is refused', (_, policy) => {
  expect(() => planRetention([set(day(1))], policy, now)).toThrow(
    expect.objectContaining({ kind: 'config', subject: 'retention' }),
  )
})

test('the reasons name the period that a set is kept for', () => {
  const one = set('2026-11-22T02:30:00Z')
  const rules = { hourly: 1, daily: 1, weekly: 1, monthly: 1, yearly: 1 }
  expect(reasonOf([one], policyOf(rules, { timeZone: 'America/Sao_Paulo' }), one)).toEqual([
    'hourly (2026-11-21 23h)',
    'daily (2026-11-21)',
    'weekly (week of 2026-11-16)',
    'monthly (2026-11)',
    'yearly (2026)',
    'the last verified set',
  ])
})
