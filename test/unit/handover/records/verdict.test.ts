import fc from 'fast-check'
import { expect, test } from 'vitest'
import type { DrillRecord } from '../../../../handover/records/drill-record.ts'
import { isMet, type Measurement } from '../../../../handover/records/measurement.ts'
import { verdictOf } from '../../../../handover/records/verdict.ts'
import { sampleDrill } from '../../../support/sample-drill.ts'

const firstWrite: Measurement = {
  ...{ key: 'firstWrite', value: 5.2, unit: 's', samples: 1 },
  limit: { is: 'at most', value: 10, from: 'handover.goals.firstWrite' },
}
const drill: DrillRecord = { ...sampleDrill, measurements: [firstWrite] }

test.each<[string, Partial<Measurement>, boolean | undefined]>([
  ['below the most', {}, true],
  ['at the most', { value: 10 }, true],
  ['above the most', { value: 10.01 }, false],
  ['at least, and less', { limit: { is: 'at least', value: 6, from: 'drill' } }, false],
  ['exactly', { value: 0, limit: { is: 'exactly', value: 0, from: 'drill' } }, true],
  ['nearly exactly', { value: 1, limit: { is: 'exactly', value: 0, from: 'drill' } }, false],
  ['within the limit on no observation', { samples: 0 }, false],
  ['no number', { value: Number.NaN }, false],
])('%s', (_, change, expected) => {
  expect(isMet({ ...firstWrite, ...change })).toBe(expected)
})

test('a measurement without a limit judges nothing', () => {
  const { limit: _, ...measurement } = firstWrite
  expect(isMet(measurement)).toBeUndefined()
})

test.each<[string, Partial<DrillRecord>, string]>([
  ['complete and within its limits', {}, 'passed'],
  ['a limit that is not met', { measurements: [firstWrite, { ...firstWrite, value: 11 }] }, 'failed'],
  ['a finding', { findings: ['one acknowledged row is gone'] }, 'failed'],
  ['a cluster that is not as before', { restored: false }, 'failed'],
  ['nothing that could have failed', { measurements: [] }, 'not run'],
  ['stopped in the middle', { state: 'interrupted' }, 'not run'],
  ['could not go on', { state: 'failed' }, 'not run'],
  ['left out', { state: 'skipped', measurements: [] }, 'not run'],
  ['stopped after it had found something', { state: 'interrupted', findings: ['a request failed'] }, 'failed'],
])('%s', (_, change, expected) => {
  expect(verdictOf({ ...drill, ...change })).toBe(expected)
})

test('whatever is not complete, or has nothing that it met, does not pass', () => {
  const measurement = fc.record({
    ...{ key: fc.constant('firstWrite'), value: fc.double(), unit: fc.constant('s' as const), samples: fc.nat(2) },
    limit: fc.record({ is: fc.constantFrom('at most', 'at least', 'exactly'), value: fc.double(), from: fc.constant('drill') }),
  })
  const record = fc.record({
    measurements: fc.array(measurement, { maxLength: 3 }),
    state: fc.constantFrom('complete', 'interrupted', 'failed', 'skipped'),
    restored: fc.boolean(),
  })
  fc.assert(
    fc.property(record, (change) => {
      if (verdictOf({ ...drill, ...change }) !== 'passed') return
      expect(change).toMatchObject({ state: 'complete', restored: true })
      expect(change.measurements.length).toBeGreaterThan(0)
      expect(change.measurements.every((one) => one.samples > 0 && isMet(one))).toBe(true)
    }),
    { numRuns: 2000 },
  )
})
