import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { chooseTables, type DigestCandidate } from '../../../../functions/verify/digests/choose-tables.ts'

const dayMs = 86_400_000
const day = (number: number): number => Date.UTC(2026, 10, number, 5)

/** A table of so many bytes that was compared on that day of November. */
function table(rawBytes: number, comparedOn: number): DigestCandidate {
  return { rawBytes, sinceMs: day(comparedOn), compared: true }
}

const never = (rawBytes: number, metOn: number): DigestCandidate => ({ ...table(rawBytes, metOn), compared: false })
/** Every 7 days; the next verification is due on that day. */
const next = (number: number) => ({ withinMs: 7 * dayMs, nextMs: day(number) })

describe('the tables whose digests are compared', () => {
  test('are all of them with a share of 100 %, empty ones too', () => {
    expect(chooseTables([table(0, 1), table(50, 2), table(0, 3)], 100, next(4))).toEqual([0, 1, 2])
  })

  test('are those not compared for longest, until the share is reached', () => {
    const tables = [table(100, 4), table(100, 1), table(100, 3), table(100, 2)]
    expect(chooseTables(tables, 25, next(6))).toEqual([1])
    expect(chooseTables(tables, 50, next(6))).toEqual([1, 3])
  })

  test('begin with those never compared, larger ones first among equals', () => {
    expect(chooseTables([table(60, 1), never(20, 5), never(30, 5)], 25, next(6))).toEqual([2])
    expect(chooseTables([table(60, 1), never(20, 5), never(30, 5)], 40, next(6))).toEqual([1, 2])
  })

  test('hold each one that would be late at the next verification, whatever it holds', () => {
    const tables = [table(1000, 1), table(1000, 1), table(1, 2)]
    expect(chooseTables(tables, 1, next(8))).toEqual([0])
    expect(chooseTables(tables, 1, next(9))).toEqual([0, 1])
    expect(chooseTables(tables, 1, next(10))).toEqual([0, 1, 2])
  })

  test('hold a new table that was never compared for that long, too', () => {
    expect(chooseTables([never(1, 1), never(900, 1), table(1, 5)], 1, next(9))).toEqual([0, 1])
  })

  test('hold one larger than the share when it is its turn, whole', () => {
    expect(chooseTables([table(10, 2), table(900, 1), table(10, 3)], 5, next(6))).toEqual([1])
    expect(chooseTables([table(10, 1), table(900, 2), table(10, 3)], 5, next(6))).toEqual([0, 1])
  })

  test('hold what is compared every time, as part of the share', () => {
    expect(chooseTables([table(10, 1), { ...table(10, 5), always: true }], 50, next(6))).toEqual([1])
  })

  test('are of the share alone where nobody promised a time', () => {
    expect(chooseTables([table(10, 1), table(10, 2), table(10, 3)], 30, undefined)).toEqual([0])
  })

  test('are none of none', () => {
    expect(chooseTables([], 20, next(6))).toEqual([])
  })
})

const candidates = fc.array(
  fc.record({
    rawBytes: fc.oneof(fc.constant(0), fc.nat(10_000), fc.integer({ min: 0, max: 1e12 })),
    sinceMs: fc.integer({ min: day(1), max: day(20) }),
    compared: fc.boolean(),
  }),
  { maxLength: 40 },
)
const shares = fc.oneof(fc.integer({ min: 1, max: 100 }), fc.double({ min: 0.01, max: 100, noNaN: true }))

test('any choice reaches the share, and without its last table does not', () => {
  fc.assert(
    fc.property(candidates, shares, (tables, share) => {
      const chosen = chooseTables(tables, share, undefined)
      const weights = chosen.map((place) => (tables[place]?.rawBytes ?? 0) + 1)
      const budget = tables.reduce((sum, { rawBytes }) => sum + rawBytes + 1, 0) * (share / 100)
      const taken = weights.reduce((sum, weight) => sum + weight, 0)
      expect(taken).toBeGreaterThanOrEqual(budget)
      if (chosen.length > 0) expect(taken - Math.max(...weights)).toBeLessThan(budget)
      // Nobody that waits has waited longer than somebody who was taken.
      const turn = (place: number): number[] => [Number(tables[place]?.compared), tables[place]?.sinceMs ?? 0]
      const waiting = [...tables.keys()].filter((place) => !chosen.includes(place))
      for (const left of waiting) {
        for (const taken of chosen) expect(isAfter(turn(taken), turn(left))).toBe(false)
      }
    }),
  )
})

test('all of it is chosen with 100 %, whatever is known', () => {
  fc.assert(
    fc.property(candidates, (tables) => {
      expect(chooseTables(tables, 100, undefined)).toEqual([...tables.keys()])
    }),
  )
})

function isAfter(a: readonly number[], b: readonly number[]): boolean {
  const [first, second] = [(a[0] ?? 0) - (b[0] ?? 0), (a[1] ?? 0) - (b[1] ?? 0)]
  return first > 0 || (first === 0 && second > 0)
}
