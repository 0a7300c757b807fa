import fc from 'fast-check'
import { expect, test } from 'vitest'
import { loadProfiles } from '../../../config/load-profiles.ts'
import { partsOf, profileScenarios } from '../../../loadtests/profiles.ts'
import { virtualUsersOf } from '../../../loadtests/virtual-users.ts'
import { exampleTargets, loadPlan } from '../../support/load-plan.ts'

const usersOf = (more: Parameters<typeof loadPlan>[1], limit: number) =>
  virtualUsersOf(partsOf(loadPlan(exampleTargets, more)), limit)

test('a rate has as many as it needs while every request waits for its timeout', () => {
  expect(usersOf({}, 500)).toEqual([250, 250])
})

test('where the limit leaves less, rates share what websockets and clients do not need', () => {
  expect(usersOf({ scenarios: profileScenarios.smoke }, 500)).toEqual([147, 147, 5, 100, 100])
})

/** One for each rate, one for twenty websockets, and all clients of the pool. */
const least = { smoke: 207, average: 207, stress: 207, spike: 4, soak: 7, breakpoint: 2 }

test('whatever the limit, it is kept and everybody has at least one, or the plan is refused', () => {
  fc.assert(
    fc.property(fc.constantFrom(...loadProfiles), fc.integer({ min: 1, max: 3_000 }), (profile, limit) => {
      const attempt = () => usersOf({ profile, scenarios: profileScenarios[profile] }, limit)
      if (limit < least[profile]) {
        expect(attempt).toThrow('limits.virtualUsers')
        return
      }
      const users = attempt()
      expect(users.reduce((sum, one) => sum + one)).toBeLessThanOrEqual(limit)
      expect(Math.min(...users)).toBeGreaterThanOrEqual(1)
    }),
  )
})

test('a limit that is too low is named with what is needed', () => {
  expect(() => usersOf({ scenarios: profileScenarios.smoke }, 206)).toThrow(
    'limits.virtualUsers is 206, and these scenarios need 207 at the least',
  )
})
