import fc from 'fast-check'
import { expect, test } from 'vitest'
import { decideLease, type SeenLease, type Watched, watchOn } from '../../../functions/runtime/lease/lease-decision.ts'
import { type LeaseRecord, parseLease, serializeLease } from '../../../functions/runtime/lease/lease-record.ts'

const hourMs = 3_600_000
const held: LeaseRecord = {
  ...{ format: 1, state: 'held', holder: 'a', slot: 'daily', dueMs: 0, by: 'db-3, process 7' },
  ...{ acquiredMs: 1_000, expiresMs: 121_000, lifeMs: 120_000, renewals: 0 },
}
const seen = (change: Partial<LeaseRecord> = {}, version = 'v1'): SeenLease => ({ lease: { ...held, ...change }, version })

test('a lease comes back from its bytes; anything else is refused with what to do', () => {
  expect(parseLease(serializeLease(held), 'key')).toEqual(held)
  for (const bytes of ['', '{}', JSON.stringify({ ...held, format: 2 }), JSON.stringify({ ...held, lifeMs: 1e12 })]) {
    expect(() => parseLease(Buffer.from(bytes), 'key')).toThrow(expect.objectContaining({ code: 'BadLease', subject: 'key' }))
  }
})

test.each<[string, SeenLease | undefined, Watched | undefined, number, number, object]>([
  ['no lease yet', undefined, undefined, 0, 0, { do: 'create' }],
  ['a released one', seen({ state: 'released' }), undefined, 2_000, 0, { do: 'replace', version: 'v1' }],
  ['a held one, first look', seen(), undefined, 2_000, 0, { do: 'watch' }],
  ['a held one, over by this clock, first look', seen(), undefined, 122_000, 0, { do: 'watch' }],
  ['over by more than clocks can differ', seen(), undefined, 121_001 + hourMs, 0, { do: 'replace', version: 'v1' }],
  ['silent, not for a life yet', seen(), { holder: 'a', version: 'v1', sinceMs: 0 }, 2_000, 119_999, { do: 'watch' }],
  [
    'silent for a whole life',
    seen(),
    { holder: 'a', version: 'v1', sinceMs: 0 },
    2_000,
    120_000,
    { do: 'replace', version: 'v1' },
  ],
  ['renewed', seen({}, 'v2'), { holder: 'a', version: 'v1', sinceMs: 0 }, 2_000, 500_000, { do: 'alive' }],
  [
    'taken by another meanwhile',
    seen({ holder: 'b' }, 'v2'),
    { holder: 'a', version: 'v1', sinceMs: 0 },
    2_000,
    500_000,
    { do: 'watch' },
  ],
])('%s', (_, lease, watched, nowMs, steadyMs, step) => {
  expect(decideLease(lease, watched, { nowMs, steadyMs })).toEqual(step)
})

const clock = fc.integer({ min: 0, max: 2 ** 45 })
const leases = fc.record({
  ...{
    holder: fc.constantFrom('a', 'b'),
    acquiredMs: clock,
    lifeMs: fc.integer({ min: 1, max: hourMs }),
    renewals: fc.nat(1000),
  },
  state: fc.constantFrom('held' as const, 'released' as const),
})

test('a holder that renews in time is never taken for dead, whatever its clock says within an hour', () => {
  fc.assert(
    fc.property(
      fc.integer({ min: 3, max: hourMs }),
      fc.integer({ min: -hourMs, max: hourMs }),
      fc.array(fc.double({ min: 0.01, max: 0.3, noNaN: true }), { minLength: 1, maxLength: 200 }),
      (lifeMs, clockOffMs, pauses) => {
        // The holder renews every third of a life; somebody looks at times of their own, with a clock that is off.
        const startMs = 1_800_000_000_000
        let [elapsedMs, watched] = [0, undefined as Watched | undefined]
        for (const pause of pauses) {
          elapsedMs += pause * lifeMs
          const renewals = Math.floor(elapsedMs / (lifeMs / 3))
          const expiresMs = Math.round(startMs + renewals * (lifeMs / 3) + lifeMs)
          const now = seen({ lifeMs, renewals, expiresMs }, `v${renewals}`)
          const step = decideLease(now, watched, { nowMs: startMs + elapsedMs + clockOffMs, steadyMs: elapsedMs })
          expect(['watch', 'alive']).toContain(step.do)
          watched = watchOn(now, watched, elapsedMs)
        }
      },
    ),
  )
})

test('a dead holder is replaced after one life of watching, and not before', () => {
  fc.assert(
    fc.property(leases, fc.nat(1_000_000), fc.nat(2 * hourMs), (lease, sinceMs, passedMs) => {
      const { lifeMs, acquiredMs } = lease
      const dead = seen({ ...lease, state: 'held', acquiredMs, expiresMs: acquiredMs + lifeMs })
      const watched = watchOn(dead, undefined, sinceMs)
      const step = decideLease(dead, watched, { nowMs: acquiredMs, steadyMs: sinceMs + passedMs })
      expect(step.do).toBe(passedMs >= lifeMs ? 'replace' : 'watch')
    }),
  )
})

test('only what was seen is ever replaced', () => {
  fc.assert(
    fc.property(
      leases,
      fc.option(fc.constantFrom('v1', 'v2'), { nil: undefined }),
      clock,
      clock,
      (lease, version, nowMs, steadyMs) => {
        const now = seen({ ...lease, expiresMs: lease.acquiredMs + lease.lifeMs }, 'v2')
        const watched = version === undefined ? undefined : { holder: 'a', version, sinceMs: 0 }
        const step = decideLease(now, watched, { nowMs, steadyMs })
        if (step.do === 'replace') expect(step.version).toBe('v2')
        else expect(step.do).not.toBe('create')
      },
    ),
  )
})
