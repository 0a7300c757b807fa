import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { lagOf } from '../../../functions/replication/lag-verdict.ts'
import { bytesBetween, lsnBytes, segmentEnd } from '../../../functions/replication/lsn.ts'
import {
  earlierPositions,
  noMemory,
  pollMemory,
  type WalPosition,
  withPosition,
} from '../../../functions/replication/memory.ts'
import { nowMs, reading } from '../../support/replication-facts.ts'

const lsn = (bytes: number): string =>
  `${Math.floor(bytes / 2 ** 32).toString(16)}/${(bytes % 2 ** 32).toString(16)}`.toUpperCase()
const at = (bytes: number, secondsAgo: number): WalPosition => ({ lsn: lsn(bytes), clockMs: nowMs - secondsAgo * 1000 })
const lag = (replayed: number, written: number, positions: WalPosition[]) =>
  lagOf(lsn(replayed), { ...reading, lsn: lsn(written) }, positions)

test.each<[string, bigint]>([
  ['0/0', 0n],
  ['0/3001428', 0x3001428n],
  ['16/B374D848', 0x16b374d848n],
  ['FFFFFFFF/FFFFFFFF', 2n ** 64n - 1n],
])('%s is %i bytes', (text, bytes) => {
  expect(lsnBytes(text)).toBe(bytes)
})

test('positions across 4 GiB, and what is not behind', () => {
  expect(bytesBetween('0/FFFFFFFF', '1/0')).toBe(1)
  expect(bytesBetween('1/0', '0/FFFFFFFF')).toBe(0)
  expect(() => bytesBetween('', '1/0')).toThrow('not a position')
})

test.each<[string, number, string | undefined]>([
  ['000000010000000000000003', 16 << 20, '0/4000000'],
  ['0000000200000000000000FF', 16 << 20, '1/0'],
  ['000000010000000A00000003', 1 << 30, 'B/0'],
  ['00000002.history', 16 << 20, undefined],
])('the segment %s of %i bytes ends at %s', (name, bytes, end) => {
  expect(segmentEnd(name, bytes)).toBe(end)
})

describe('how long a standby is behind', () => {
  test.each<[string, ReturnType<typeof lag>, object]>([
    ['nothing is missing', lag(500, 500, [at(500, 60)]), { bytes: 0, atLeastSeconds: 0, atMostSeconds: 0 }],
    ['nothing was seen before', lag(400, 500, []), { bytes: 100, atLeastSeconds: undefined, atMostSeconds: undefined }],
    ['what was there a minute ago is missing', lag(400, 500, [at(450, 60)]), { bytes: 100, atLeastSeconds: 60 }],
    ['what was there a minute ago is replayed', lag(400, 500, [at(400, 60)]), { bytes: 100, atMostSeconds: 60 }],
    ['between two polls', lag(400, 500, [at(300, 120), at(450, 60)]), { atLeastSeconds: 60, atMostSeconds: 120 }],
    ['the earliest that is missing counts', lag(400, 500, [at(450, 90), at(460, 60)]), { atLeastSeconds: 90 }],
    [
      'idle time before a burst counts for nothing',
      lag(400, 9000, [at(400, 3600), at(400, 60), at(9000, 0.5)]),
      { atLeastSeconds: 0.5, atMostSeconds: 60 },
    ],
  ])('%s', (_, found, expected) => {
    expect(found).toMatchObject(expected)
  })

  test('the bounds hold whatever the primary wrote and whenever anybody looked', () => {
    const steps = fc.array(fc.integer({ min: 0, max: 1000 }), { minLength: 2, maxLength: 40 })
    fc.assert(
      fc.property(steps, fc.integer({ min: 0, max: 39 }), fc.constantFrom(1, 2, 3, 7), (written, replayedStep, every) => {
        // The primary writes so much each second; the standby has replayed all of the first steps, and nothing since.
        const total = written.map((_, index) => written.slice(0, index + 1).reduce((sum, bytes) => sum + bytes, 0))
        const last = total.length - 1
        const replayed = total[Math.min(replayedStep, last)] ?? 0
        const now = total[last] ?? 0
        const positions = total.flatMap((bytes, index) => (index % every === 0 ? [at(bytes, last - index)] : []))
        const { bytes, atLeastSeconds = 0, atMostSeconds = Number.POSITIVE_INFINITY } = lag(replayed, now, positions)
        const firstMissing = total.findIndex((one) => one > replayed)
        const trueSeconds = firstMissing === -1 ? 0 : last - firstMissing
        expect(bytes).toBe(now - replayed)
        expect(atLeastSeconds).toBeLessThanOrEqual(trueSeconds)
        // The first missing byte was written within the second before it was there.
        expect(atMostSeconds).toBeGreaterThanOrEqual(trueSeconds)
      }),
    )
  })
})

describe('what is remembered', () => {
  const positions = (count: number): WalPosition[] => {
    let all: WalPosition[] = []
    for (let index = 0; index < count; index += 1) all = withPosition(all, at(index + 1, (count - index) * 60))
    return all
  }

  test('is plain data', () => {
    const before = { wal: { systemId: '7', timeline: 1, positions: positions(3) }, inactiveSlots: { a: 1 }, pausedNodes: {} }
    const memory = { ...before, caughtUp: { b: 2 } }
    expect(pollMemory.parse(JSON.parse(JSON.stringify(memory)))).toEqual(memory)
    // As the version before left it.
    expect(pollMemory.parse(before)).toEqual({ ...before, caughtUp: {} })
    expect(pollMemory.safeParse({ wal: {} }).success).toBe(false)
  })

  test('has a bound, keeps every poll of the last hours and reaches far back', () => {
    const all = positions(5_000)
    expect(all.length).toBeLessThanOrEqual(240)
    expect(all.slice(-120)).toEqual(Array.from({ length: 120 }, (_, index) => at(4_881 + index, (120 - index) * 60)))
    expect(nowMs - (all[0]?.clockMs ?? nowMs)).toBeGreaterThan(24 * 3_600_000)
  })

  test('an idle primary adds nothing, so that its last position stays the oldest; nor does a poll right after another', () => {
    expect(withPosition([at(5, 60)], at(5, 0))).toEqual([at(5, 60)])
    expect(withPosition([at(5, 2)], at(6, 0))).toEqual([at(5, 2)])
  })

  test('a clock that was put back voids what it now calls the future', () => {
    expect(withPosition([at(5, 120), at(6, -60)], at(7, 0))).toEqual([at(5, 120), at(7, 0)])
  })

  test.each([
    { systemId: '7', timeline: 2 },
    { systemId: '8', timeline: 1 },
  ])('positions of another primary are void: %j', (primary) => {
    const memory = { ...noMemory, wal: { systemId: '7', timeline: 1, positions: positions(2) } }
    expect(earlierPositions(memory, { systemId: '7', timeline: 1 })).toHaveLength(2)
    expect(earlierPositions(memory, primary)).toEqual([])
  })
})
