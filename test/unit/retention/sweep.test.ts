import { readdir, utimes } from 'node:fs/promises'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { listSets } from '../../../functions/archive/catalogue.ts'
import { sweep } from '../../../functions/retention/sweep.ts'
import { address, storeLeftover, storeSet, useFileStore } from '../../support/stored-sets.ts'

const files = useFileStore()
const old = '2026-11-01T060000Z-daily'
const other = '2026-11-02T060000Z-daily'
const options = { filter: {}, olderThanSeconds: 3600, dryRun: false }

/** Turns every file of a set into one of three days ago. */
async function age(set: string): Promise<void> {
  const then = Date.now() / 1000 - 3 * 86_400
  const root = join(files.directory(), 'shop/app', set)
  for (const entry of await readdir(root, { recursive: true })) await utimes(join(root, entry), then, then)
}

test('old leftovers go, young ones and complete sets stay', async () => {
  const store = files.store()
  await storeLeftover(store, address(old))
  await storeLeftover(store, address(other))
  await storeSet(store, address('2026-11-03T060000Z-daily'))
  await age(old)
  await age('2026-11-03T060000Z-daily')
  const result = await sweep(store, options)
  expect(result).toMatchObject({ removedSets: 1, removedObjects: 2, removedBytes: 42, spared: [] })
  const left = await listSets(store, {})
  expect(left.map((set) => [set.address.set, set.state])).toEqual([
    [other, 'incomplete'],
    ['2026-11-03T060000Z-daily', 'complete'],
  ])
})

test('a dry run only says what it would do', async () => {
  const store = files.store()
  await storeLeftover(store, address(old))
  await age(old)
  const result = await sweep(store, { ...options, dryRun: true })
  expect(result).toMatchObject({ removedSets: 0, steps: [{ type: 'set', remove: true }] })
  expect(await listSets(store, {})).toHaveLength(1)
})

test('a set that is published between the listing and its turn is spared', async () => {
  const store = files.store()
  await storeLeftover(store, address(old))
  await age(old)
  const uploads = store.pendingUploads.bind(store)
  // Asked for last, when all sets have been listed.
  store.pendingUploads = async function* (prefix) {
    await storeSet(store, address(old))
    await age(old)
    yield* uploads(prefix)
  }
  const result = await sweep(store, options)
  expect(result).toMatchObject({ removedSets: 0, spared: [address(old)] })
  expect(await listSets(store, {})).toMatchObject([{ state: 'complete' }])
})

test('an abandoned upload is aborted, one of a foreign key is not ours', async () => {
  const store = files.store()
  for (const key of [`shop/app/${old}/data/000001.zst`, 'foreign/key']) {
    const upload = store.upload(key)
    await upload.write(Buffer.alloc(10))
  }
  const result = await sweep(store, { ...options, olderThanSeconds: -1 })
  expect(result.abortedUploads).toBe(1)
  const left = []
  for await (const upload of store.pendingUploads('')) left.push(upload.key)
  expect(left).toEqual(['foreign/key'])
})

test('the filter bounds the sweep', async () => {
  const store = files.store()
  await storeLeftover(store, address(old))
  await age(old)
  expect(await sweep(store, { ...options, filter: { cluster: 'other' } })).toMatchObject({ steps: [], removedSets: 0 })
})
