import { expect, test } from 'vitest'
import type { CompleteSet, ListedSet } from '../../../functions/archive/catalogue.ts'
import { counts, holdersOf, mergeStores, type StoreSets } from '../../../functions/archive/held-sets.ts'
import { sampleManifest } from '../../support/manifests.ts'
import { address } from '../../support/stored-sets.ts'

const { summary } = sampleManifest()
const one = '2026-11-21T060000Z-daily'
const two = '2026-11-22T060000Z-daily'

const whole = (name: string, changed: Partial<CompleteSet> = {}): CompleteSet => ({
  ...{ state: 'complete', address: address(name), publishedMs: 1, summary, ...changed },
})
const part = (name: string): ListedSet => ({
  ...{ state: 'incomplete', address: address(name), objects: 1, bytes: 1, modifiedMs: 1 },
})
const broken = (name: string): ListedSet => ({ state: 'damaged', address: address(name), publishedMs: 1, reason: 'cut off' })
const main = (...sets: ListedSet[]): StoreSets => ({ name: 'main', isCopy: false, sets })
const copy = (name: string, ...sets: ListedSet[]): StoreSets => ({ name, isCopy: true, sets })

test.each<[string, StoreSets, string, boolean]>([
  ['a set where backups go', main(whole(one)), 'original', true],
  ['one that was copied back there', main(whole(one, { comparedMs: 5 })), 'compared', true],
  ['objects in a store for copies', copy('nas', whole(one)), 'uncompared', false],
  ['a compared copy', copy('nas', whole(one, { comparedMs: 5 })), 'compared', true],
  [
    'a copy found different',
    copy('nas', whole(one, { comparedMs: 5, verified: { atMs: 9, verdict: 'different' } })),
    'different',
    false,
  ],
  ['a damaged one', copy('nas', broken(one)), 'damaged', false],
  ['part of one', copy('nas', part(one)), 'incomplete', false],
])('%s', (_, store, holding, counted) => {
  const [holder] = holdersOf([store], address(one))
  expect(holder).toMatchObject({ store: store.name, holding })
  expect(holder !== undefined && counts(holder)).toBe(counted)
})

test('sets of all stores are one list, each shown as the first store has it whole', () => {
  const [first, second, ...others] = mergeStores([
    main(part(two)),
    copy('nas', whole(one), broken(two)),
    copy('far', whole(two)),
  ])
  expect(others).toEqual([])
  expect(first).toMatchObject({ set: { address: address(one) }, holders: [{ store: 'nas' }] })
  expect(second?.set.state).toBe('complete')
  expect(second?.holders.map(({ store, holding }) => `${store} ${holding}`)).toEqual([
    'main incomplete',
    'nas damaged',
    'far uncompared',
  ])
})

test('names that run into each other stay apart', () => {
  const other = { ...whole(one), address: { ...address(one), cluster: 'shopapp', database: '' } }
  expect(mergeStores([main(whole(one), other)])).toHaveLength(2)
  expect(holdersOf([main(other)], address(one))).toEqual([])
})
