import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { partPlan, plannedObjectBytes } from '../../../../functions/platform/object-store/s3/part-plan.ts'

const mebibyte = 1024 * 1024
const smallestAllowed = 5 * mebibyte
const largestAllowed = 5 * 1024 * mebibyte

function sizes(maximumParts: number): number[] {
  const plan = partPlan({ maximumParts, equalParts: false })
  return Array.from({ length: maximumParts }, (_, index) => plan.size(index + 1))
}

describe('the plan of growing parts', () => {
  it('reaches 5 TB, with sizes that S3 takes and that never shrink, for any number of parts from 1,000', () => {
    fc.assert(
      fc.property(fc.integer({ min: 1000, max: 10_000 }), (maximumParts) => {
        const planned = sizes(maximumParts)
        expect(planned.reduce((sum, size) => sum + size, 0)).toBeGreaterThanOrEqual(plannedObjectBytes)
        expect(planned.every((size) => Number.isInteger(size / mebibyte))).toBe(true)
        expect(planned.every((size) => size >= smallestAllowed && size <= largestAllowed)).toBe(true)
        expect(planned.every((size, index) => index === 0 || size >= (planned[index - 1] ?? 0))).toBe(true)
      }),
      { numRuns: 50 },
    )
  })

  it('needs little memory for objects of ordinary size', () => {
    let bytes = 0
    const planned = sizes(10_000)
    for (let index = 0; bytes < 8e9; index += 1) {
      expect(planned[index]).toBe(8 * mebibyte)
      bytes += planned[index] ?? 0
    }
  })
})

describe('the plan of equal parts', () => {
  it('keeps one size, which holds what is expected and a fifth more', () => {
    fc.assert(
      fc.property(fc.integer({ min: 0, max: plannedObjectBytes }), (expected) => {
        const plan = partPlan({ maximumParts: 10_000, equalParts: true }, expected)
        expect(plan.size(1)).toBe(plan.size(10_000))
        expect(plan.size(1) * 10_000).toBeGreaterThanOrEqual(expected * 1.2)
        expect(plan.size(1)).toBeGreaterThanOrEqual(16 * mebibyte)
        expect(plan.size(1)).toBeLessThanOrEqual(largestAllowed)
      }),
    )
  })
})
