import { expect, test } from 'vitest'
import { findSet } from '../../../functions/archive/catalogue-find.ts'
import { failureOf } from '../../support/failures.ts'
import { address, storeLeftover, storeSet, useFileStore } from '../../support/stored-sets.ts'

const files = useFileStore()
const old = '2026-11-20T060000Z-daily'
const middle = '2026-11-21T060000Z-daily'
const late = '2026-11-22T060000Z-daily'
const equal = ['20261121T070000Z-equal.json']

test('latest is the set begun last by its manifest, not by its name; leftovers do not count', async () => {
  const store = files.store()
  await storeSet(store, address(old), { summary: { startedAt: '2026-11-25T00:00:00.000Z' } })
  await storeSet(store, address(middle))
  await storeLeftover(store, address('2026-11-30T060000Z-daily'))
  expect(await findSet(store, { set: 'latest' })).toMatchObject({ address: address(old) })
})

test('latest-verified is the last one whose last verification was equal', async () => {
  const store = files.store()
  await storeSet(store, address(old), { evidence: equal })
  await storeSet(store, address(middle), { evidence: [...equal, '20261123T070000Z-different.json'] })
  await storeSet(store, address(late))
  expect(await findSet(store, { set: 'latest-verified' })).toMatchObject({
    ...{ address: address(old), proofFile: `evidence/${equal[0]}` },
    verified: { verdict: 'equal', atMs: Date.parse('2026-11-21T07:00:00Z') },
  })
})

test('a damaged latest set is never passed over in silence', async () => {
  const store = files.store()
  await storeSet(store, address(old), { content: 1 })
  await storeSet(store, address(middle))
  await storeSet(store, address(late), { content: 1 })
  const failure = await failureOf(findSet(store, { set: 'latest' }))
  expect(failure).toMatchObject({ kind: 'permanent', code: 'DAMAGED', subject: late })
  expect(failure.hint).toContain(middle)
})

test('damage that is older than the latest set does not matter', async () => {
  const store = files.store()
  await storeSet(store, address(old), { content: 1 })
  await storeSet(store, address(late))
  expect(await findSet(store, { set: 'latest' })).toMatchObject({ address: address(late) })
})

test('a name is found in whatever cluster and database has it', async () => {
  const store = files.store()
  await storeSet(store, address(old))
  await storeSet(store, address(late, { cluster: 'other', database: 'db' }))
  expect(await findSet(store, { set: late })).toEqual({ address: address(late, { cluster: 'other', database: 'db' }) })
})

test('a name without a manifest is no set', async () => {
  await storeLeftover(files.store(), address(old))
  const failure = await failureOf(findSet(files.store(), { set: old, cluster: 'shop', database: 'app' }))
  expect(failure).toMatchObject({ kind: 'permanent', code: 'NO_SUCH_SET' })
})

test('sets of several databases: the question is asked back, with the names', async () => {
  const store = files.store()
  await storeSet(store, address(old))
  await storeSet(store, address(old, { database: 'app2' }))
  for (const set of ['latest', old]) {
    const failure = await failureOf(findSet(store, { set }))
    expect(failure.kind).toBe('config')
    expect(failure.message).toContain('shop/app, shop/app2')
    expect(failure.hint).toBe('Say which one: add --database NAME.')
  }
})

test.each([
  ['yesterday', 'config', /not the name of a backup set/],
  ['latest', 'permanent', /there is no backup/],
  ['latest-verified', 'permanent', /there is no backup/],
  [old, 'permanent', /no complete set/],
])('%s in an empty store', async (set, kind, message) => {
  const failure = await failureOf(findSet(files.store(), { set }))
  expect(failure.kind).toBe(kind)
  expect(failure.message).toMatch(message)
})
