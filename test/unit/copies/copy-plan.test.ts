import { describe, expect, test } from 'vitest'
import type { CompleteSet, ListedSet } from '../../../functions/archive/catalogue.ts'
import { planCopies, type WantedCopies } from '../../../functions/copies/copy-plan.ts'
import { sampleManifest } from '../../support/manifests.ts'
import { address } from '../../support/stored-sets.ts'

const { summary } = sampleManifest()
const ms = (hour: number): number => Date.UTC(2026, 10, 22, hour)

function set(hour: number, changed: Partial<CompleteSet> = {}): CompleteSet {
  return {
    state: 'complete',
    address: address(`2026-11-22T${String(hour).padStart(2, '0')}0000Z-daily`),
    publishedMs: ms(hour),
    summary: { ...summary, startedAt: new Date(ms(hour)).toISOString(), storedBytes: hour },
    ...changed,
  }
}

const copied = { comparedMs: ms(23) }
const equalAt = (hour: number): Partial<CompleteSet> => ({ verified: { atMs: ms(hour), verdict: 'equal' } })
const different: Partial<CompleteSet> = { verified: { atMs: ms(20), verdict: 'different' } }
const damaged = (hour: number): ListedSet => ({
  ...{ state: 'damaged', address: set(hour).address, publishedMs: ms(hour), reason: 'cut off' },
})
const incomplete = (hour: number): ListedSet => ({
  ...{ state: 'incomplete', address: set(hour).address, objects: 2, bytes: 9, modifiedMs: ms(hour) },
})
const everything: WantedCopies = { choose: (sets) => sets }

const plan = (source: ListedSet[], target: ListedSet[], wanted: WantedCopies = everything) => {
  const { steps, leftOut } = planCopies(source, target, wanted)
  return {
    steps: steps.map(({ address: { set: name }, action, reason }) => `${action} ${name.slice(11, 13)}: ${reason}`),
    leftOut: leftOut.map(({ address: { set: name }, reason }) => `${name.slice(11, 13)}: ${reason}`),
  }
}

test('what is missing is copied, newest first', () => {
  expect(plan([set(1), set(3), set(2)], [set(2, copied)]).steps).toEqual(['copy 03: not there', 'copy 01: not there'])
})

test('objects that merely lie there are not a copy', () => {
  expect(plan([set(1)], [set(1)]).steps).toEqual(['copy 01: its objects are there, and were not compared'])
  expect(plan([set(1)], [incomplete(1)]).steps).toEqual(['copy 01: an interrupted copy, which goes on'])
  expect(plan([set(1)], [damaged(1)]).steps).toEqual(['copy 01: damaged there: cut off'])
})

test('a proven copy is left alone, until the source has been verified later than it', () => {
  expect(plan([set(1)], [set(1, copied)]).steps).toEqual([])
  expect(plan([set(1, equalAt(5))], [set(1, { ...copied, ...equalAt(5) })]).steps).toEqual([])
  expect(plan([set(1, equalAt(5))], [set(1, copied)]).steps).toEqual(['evidence 01: verified since it was copied'])
  expect(plan([set(1, equalAt(6))], [set(1, { ...copied, ...equalAt(5) })]).steps).toHaveLength(1)
  expect(plan([set(1, equalAt(4))], [set(1, { ...copied, ...equalAt(5) })]).steps).toEqual([])
})

test('of two databases each has its own sets', () => {
  const other = { ...set(1, copied), address: { ...set(1).address, database: 'other' } }
  expect(plan([set(1)], [other]).steps).toHaveLength(1)
})

describe('what is not good in the source', () => {
  test('is left out, and said', () => {
    const { steps, leftOut } = plan([damaged(1), set(2, different), incomplete(3), set(4)], [])
    expect(steps).toEqual(['copy 04: not there'])
    expect(leftOut).toEqual([
      '01: damaged in the source: cut off',
      '02: verification found it different from what was backed up',
    ])
  })

  test('is no news where a proven copy was made in time', () => {
    expect(plan([damaged(1), set(2, different)], [set(1, copied), set(2, copied)]).leftOut).toEqual([])
    expect(plan([damaged(1)], [set(1)]).leftOut).toHaveLength(1)
  })
})

test('only what is chosen is copied', () => {
  expect(plan([set(1), set(2)], [], { choose: (sets) => sets.slice(0, 1) }).steps).toEqual(['copy 01: not there'])
})

test('one set by name is compared again, and nothing else is looked at', () => {
  const only = { only: set(1).address }
  expect(plan([set(1), set(2), damaged(3)], [set(1, copied)], only)).toEqual({
    steps: ['copy 01: compared again'],
    leftOut: [],
  })
  expect(plan([set(1, different)], [], only)).toMatchObject({ steps: [], leftOut: [expect.stringContaining('01: ')] })
})
