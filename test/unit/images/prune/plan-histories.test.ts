import fc from 'fast-check'
import { expect, test } from 'vitest'
import type { KnownImage } from '../../../../functions/images/prune/known-image.ts'
import { type ImageStep, planPrune } from '../../../../functions/images/prune/plan.ts'

const nowMs = Date.parse('2026-11-26T12:00:00Z')
const dayMs = 86_400_000

/** Bakes and publishes over a year, some failed, some used, some not ours, and clocks that are wrong. */
const history: fc.Arbitrary<KnownImage[]> = fc
  .array(
    fc.record({
      builder: fc.constantFrom('qemu', 'amazon-ebs', 'hcloud'),
      cluster: fc.oneof({ weight: 12, arbitrary: fc.constant('shop') }, fc.constantFrom('other', undefined)),
      role: fc.oneof({ weight: 12, arbitrary: fc.constantFrom('primary', 'docker') }, fc.constant(undefined)),
      createdMs: fc.oneof(
        { weight: 20, arbitrary: fc.integer({ min: 0, max: 365 }).map((days) => nowMs - days * dayMs) },
        fc.constantFrom(undefined, nowMs + dayMs),
      ),
      state: fc.oneof(
        { weight: 6, arbitrary: fc.constant('released') },
        fc.constantFrom('unreleased', 'interrupted', 'unreadable'),
      ),
      copies: fc.oneof({ weight: 6, arbitrary: fc.constant([{ id: 'one', region: 'sa-east-1' }]) }, fc.constant([])),
      usedBy: fc.oneof({ weight: 4, arbitrary: fc.constant([]) }, fc.constant(['instance i-1'])),
      vouched: fc.option(fc.nat({ max: 40 }), { nil: undefined, freq: 2 }),
    }),
    { maxLength: 40, size: 'max' },
  )
  .map((records) =>
    records.map(({ vouched, ...record }, index) => {
      const testedAs = record.builder === 'qemu' || vouched === undefined ? {} : { testedAs: `image ${vouched}` }
      return { ...record, ...testedAs, name: `image ${index}` } as KnownImage
    }),
  )

/** Whether an image is one that a rule may remove, and that another can stand in for. */
function isGood({ cluster, state, copies, createdMs, role }: KnownImage): boolean {
  const isOurs = cluster === 'shop' && role !== undefined
  return isOurs && state === 'released' && copies.length > 0 && createdMs !== undefined && createdMs <= nowMs
}

/** What is wrong with a plan, in words; undefined when nothing is. */
function wrong(images: readonly KnownImage[], steps: readonly ImageStep[], keep: number): string | undefined {
  if (steps.length !== images.length || new Set(steps.map(({ image }) => image.name)).size !== images.length) {
    return 'not every image has one step'
  }
  const removed = steps.filter(({ remove }) => remove).map(({ image }) => image)
  if (removed.some(({ usedBy }) => usedBy.length > 0)) return 'one in use is removed'
  if (removed.some(({ cluster }) => cluster !== 'shop')) return 'one of another cluster is removed'
  const names = new Set(removed.map(({ name }) => name))
  const left = images.filter(({ name }) => !names.has(name))
  const proofs = removed.filter(({ builder }) => builder === 'qemu').map(({ name }) => name)
  if (left.some(({ testedAs = '' }) => proofs.includes(testedAs))) return 'the proof of a cloud image is removed'
  for (const [group, all] of Map.groupBy(images.filter(isGood), ({ builder, role }) => `${builder} ${role}`)) {
    const kept = all.filter(({ name }) => !names.has(name))
    const free = all.filter(({ usedBy }) => usedBy.length === 0)
    if (kept.filter(({ usedBy }) => usedBy.length === 0).length < Math.min(keep, free.length)) return `too few of ${group}`
    const newest = Math.max(...all.map(({ createdMs = 0 }) => createdMs))
    if (!kept.some(({ createdMs }) => createdMs === newest)) return `the newest of ${group} is removed`
    const oldestFreeKept = Math.min(...kept.filter(({ usedBy }) => usedBy.length === 0).map(({ createdMs = 0 }) => createdMs))
    const gone = free.filter(({ name }) => names.has(name))
    const vouches = kept.some(({ builder }) => builder === 'qemu')
    if (!vouches && gone.some(({ createdMs = 0 }) => createdMs > oldestFreeKept)) return `a newer one of ${group} went first`
  }
  return undefined
}

test('over 5,000 histories nothing in use goes, and the newest ones stay', () => {
  let removed = 0
  fc.assert(
    fc.property(history, fc.integer({ min: 1, max: 5 }), (images, keep) => {
      const steps = planPrune(images, { cluster: 'shop', keep, nowMs })
      removed += steps.filter(({ remove }) => remove).length
      expect(wrong(images, steps, keep)).toBeUndefined()
      const left = steps.filter(({ remove }) => !remove).map(({ image }) => image)
      const again = planPrune(left, { cluster: 'shop', keep, nowMs })
      expect(again.filter(({ remove }) => remove)).toEqual([])
    }),
    { numRuns: 5_000 },
  )
  // Most of this would be true of a plan that removes nothing.
  expect(removed).toBeGreaterThan(10_000)
})
