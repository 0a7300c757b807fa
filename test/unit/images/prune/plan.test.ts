import { describe, expect, test } from 'vitest'
import type { KnownImage } from '../../../../functions/images/prune/known-image.ts'
import { planPrune } from '../../../../functions/images/prune/plan.ts'

const dayMs = 86_400_000
const nowMs = Date.parse('2026-11-26T12:00:00Z')
const policy = { cluster: 'shop', keep: 2, nowMs }

/** A released primary image in EC2, made so many days ago; its name is its age. */
function image(daysOld: number, more: Partial<KnownImage> = {}): KnownImage {
  return {
    ...{ builder: 'amazon-ebs', name: `${daysOld} days`, cluster: 'shop', role: 'primary', state: 'released', usedBy: [] },
    ...{ createdMs: nowMs - daysOld * dayMs, copies: [{ id: `ami-${daysOld}`, region: 'sa-east-1' }] },
    ...more,
  }
}

/** `name: reason`, of those to remove. */
function removed(images: readonly KnownImage[], given = policy): string[] {
  return planPrune(images, given).flatMap(({ image: { name }, remove, reason }) => (remove ? [`${name}: ${reason}`] : []))
}

function reasonFor(name: string, images: readonly KnownImage[]): string | undefined {
  return planPrune(images, policy).find(({ image: step }) => step.name === name)?.reason
}

describe('how many stay', () => {
  test('the newest released ones', () => {
    const images = [image(4), image(1), image(3), image(2)]
    const older = 'older than the 2 newest released that nothing uses'
    expect(removed(images)).toEqual([`3 days: ${older}`, `4 days: ${older}`])
    expect(reasonFor('2 days', images)).toBe('among the 2 newest released that nothing uses')
  })

  test('those in use beside them', () => {
    const images = [image(1, { usedBy: ['instance i-1 in sa-east-1'] }), image(2), image(3), image(4)]
    expect(removed(images)).toEqual(['4 days: older than the 2 newest released that nothing uses'])
    expect(reasonFor('1 days', images)).toBe('in use: instance i-1 in sa-east-1')
  })

  test('failed bakes push out no released image, and are as many at most', () => {
    const failed = [1, 2, 3].map((days) => image(days, { state: 'unreleased' }))
    const images = [...failed, image(8), image(9), image(10)]
    expect(removed(images)).toEqual([
      '3 days: older than the 2 newest unreleased that nothing uses',
      '10 days: older than the 2 newest released that nothing uses',
    ])
  })

  test('each role and each builder by itself', () => {
    const others = [image(3, { role: 'docker' }), image(4, { builder: 'hcloud' }), image(5, { role: 'replica' })]
    expect(removed([image(1), image(2), ...others])).toEqual([])
  })
})

describe('what is never removed', () => {
  const newer = [image(1), image(2)]
  test.each<[string, Partial<KnownImage>, string]>([
    ['an image without tags', { cluster: undefined, role: undefined }, 'nothing says whose it is'],
    ["another cluster's", { cluster: 'other' }, 'belongs to the cluster other'],
    ['one of no role', { role: undefined }, 'nothing says what role it is for'],
    ['one of no age', { createdMs: undefined }, 'nothing says when it was made'],
    ['one from the future', { createdMs: nowMs + 1 }, 'was made in the future: a clock is wrong'],
    ['one whose release cannot be read', { state: 'unreadable' }, 'its release is none that this version reads'],
  ])('%s', (_, more, reason) => {
    const images = [...newer, image(90, { ...more, name: 'old' })]
    expect(removed(images)).toEqual([])
    expect(reasonFor('old', images)).toBe(reason)
  })
})

describe('an image in the store that vouches for a cloud image', () => {
  const tested = [1, 2, 9].map((days) => image(days, { builder: 'qemu', name: `disk ${days}` }))

  test('stays while that one stays', () => {
    const images = [...tested, image(5, { testedAs: 'disk 9' })]
    expect(removed(images)).toEqual([])
    expect(reasonFor('disk 9', images)).toBe('in use: its tests vouch for amazon-ebs 5 days')
  })

  test('goes with it', () => {
    const images = [...tested, image(3), image(4), image(5, { testedAs: 'disk 9' })]
    expect(removed(images)).toEqual([
      'disk 9: older than the 2 newest released that nothing uses',
      '5 days: older than the 2 newest released that nothing uses',
    ])
  })
})

describe('what an interruption left', () => {
  test('of a publish goes when no publish can be at work on it any more', () => {
    const left = { state: 'interrupted', builder: 'qemu', role: undefined } as const
    const images = [image(0.9, left), image(1.1, left)]
    expect(removed(images)).toEqual(['1.1 days: an interrupted publish left it'])
    expect(reasonFor('0.9 days', images)).toBe('may be being published now')
  })

  test('of a prune is a release without an image, which goes when a newer image is there', () => {
    const gone = image(5, { copies: [] })
    expect(removed([image(1), gone])).toEqual(['5 days: no copy of it is left, only its release'])
    expect(removed([image(1, { usedBy: ['instance i-1'] }), gone])).toHaveLength(1)
  })

  test('but not where the listing may be of the wrong account', () => {
    expect(removed([1, 2, 3].map((days) => image(days, { copies: [] })))).toEqual([])
    expect(removed([image(1, { state: 'unreleased' }), image(5, { copies: [] })])).toEqual([])
  })

  test('a release without an image takes no place of one that is there', () => {
    expect(removed([image(1, { copies: [] }), image(2), image(3)])).toEqual([])
  })
})
