import { expect, test } from 'vitest'
import { listSets } from '../../../functions/archive/catalogue.ts'
import { listDatabases } from '../../../functions/archive/catalogue-databases.ts'
import { scanSets } from '../../../functions/archive/catalogue-scan.ts'
import { alertsKey, manifestFile, setPrefix } from '../../../functions/archive/keys.ts'
import { serializeManifest } from '../../../functions/archive/manifest.ts'
import { Failure } from '../../../functions/platform/failure.ts'
import { sampleManifest } from '../../support/manifests.ts'
import { address, storeLeftover, storeSet, useFileStore } from '../../support/stored-sets.ts'

const files = useFileStore()
const first = '2026-11-21T060000Z-daily'
const second = '2026-11-22T060000Z-daily'

test('an empty store has no sets', async () => {
  expect(await listSets(files.store(), {})).toEqual([])
})

test('a complete set is listed with its summary, and as not verified', async () => {
  await storeSet(files.store(), address(first), { summary: { rows: 7 } })
  const [set, ...others] = await listSets(files.store(), {})
  expect(others).toEqual([])
  expect(set).toMatchObject({ state: 'complete', address: address(first), summary: { rows: 7, storedBytes: 120 } })
  expect(set).not.toHaveProperty('verified')
})

test('the latest verification counts, and of two in one second the bad one', async () => {
  const store = files.store()
  await storeSet(store, address(first), { evidence: ['20261121T070000Z-different.json', '20261121T080000Z-equal.json'] })
  await storeSet(store, address(second), { evidence: ['20261122T070000Z-different.json', '20261122T070000Z-equal.json'] })
  const sets = await listSets(store, {})
  expect(sets.map((set) => set.state === 'complete' && set.verified)).toEqual([
    { atMs: Date.parse('2026-11-21T08:00:00Z'), verdict: 'equal' },
    { atMs: Date.parse('2026-11-22T07:00:00Z'), verdict: 'different' },
  ])
})

test('what an interrupted run left is incomplete, with its size and the time of its last object', async () => {
  const before = Date.now() - 2000
  await storeLeftover(files.store(), address(first))
  const [set] = await listSets(files.store(), {})
  expect(set).toMatchObject({ state: 'incomplete', address: address(first), objects: 2, bytes: 42 })
  expect(set?.state === 'incomplete' && set.modifiedMs).toBeGreaterThan(before)
})

const whole = serializeManifest(sampleManifest())
const damages: [what: string, manifest: Uint8Array, reason: RegExp][] = [
  ['an empty manifest', Buffer.alloc(0), /not a JSON object/],
  ['a manifest cut off in its summary', whole.subarray(0, 100), /not a JSON object/],
  ['a manifest of something else', Buffer.from('hello'), /not a JSON object/],
  ['a manifest of another set', whole, /that of shop\/app\/2026-11-22T060000Z-daily/],
  [
    'a manifest of a later format',
    Buffer.from(Buffer.from(whole).toString().replace('"format":1,"summary":{', '"format":2,"summary":{"new":1,')),
    /archive format 2/,
  ],
]

test.each(damages)('%s is listed as damaged, with the reason', async (_, manifest, reason) => {
  await storeSet(files.store(), address(first), { manifest })
  const [set] = await listSets(files.store(), {})
  expect(set).toMatchObject({ state: 'damaged', address: address(first), reason: expect.stringMatching(reason) })
})

test.each([
  [99, 'its objects are 1 bytes smaller than its manifest says'],
  [101, 'its objects are 1 bytes larger than its manifest says'],
])('a set with %i bytes of rows instead of 100 is damaged', async (content, reason) => {
  await storeSet(files.store(), address(first), { content })
  expect(await listSets(files.store(), {})).toMatchObject([{ state: 'damaged', address: address(first), reason }])
})

test('a store that cannot be read is a failure, not a damaged set', async () => {
  await storeSet(files.store(), address(first))
  const refused = new Failure('no', { kind: 'permanent', subject: 's', hint: 'h', code: 'AccessDenied' })
  const readStart = () => Promise.reject(refused)
  await expect(listSets(files.store(), {}, { readStart })).rejects.toBe(refused)
})

test('sets come in the order of their keys, however long their manifests take', async () => {
  const store = files.store()
  const names = Array.from({ length: 30 }, (_, day) => `2026-10-${String(day + 1).padStart(2, '0')}T000000Z-daily`)
  for (const name of names) await storeSet(store, address(name))
  expect((await listSets(store, {}, { concurrency: 7 })).map((set) => set.address.set)).toEqual(names)
})

test('the filter picks clusters and databases; names that need encoding are found', async () => {
  const store = files.store()
  const odd = { cluster: 'a b', database: 'x/y%' }
  await storeSet(store, address(first))
  await storeSet(store, address(first, { cluster: 'shop2' }))
  await storeSet(store, address(first, { database: 'app2' }))
  await storeSet(store, address(second, odd))
  const places = async (filter: object) =>
    (await listSets(store, filter)).map((set) => `${set.address.cluster}/${set.address.database}`)
  expect(await places({ cluster: 'shop' })).toEqual(['shop/app', 'shop/app2'])
  expect(await places({ database: 'app' })).toEqual(['shop/app', 'shop2/app'])
  expect(await places({ cluster: 'shop', database: 'app' })).toEqual(['shop/app'])
  expect(await places(odd)).toEqual(['a b/x/y%'])
  expect(await listDatabases(store, { cluster: 'shop' })).toEqual([
    { cluster: 'shop', database: 'app' },
    { cluster: 'shop', database: 'app2' },
  ])
  expect(await listDatabases(store, { database: 'x/y%' })).toEqual([odd])
})

test('keys that are not ours are passed over, another spelling of ours included', async () => {
  const store = files.store()
  await storeSet(store, address(first))
  await store.put('notes.txt', Buffer.from('x'))
  await store.put('shop/app/readme/manifest.json', Buffer.from('x'))
  await store.put(`sho%70/app/${second}/${manifestFile}`, Buffer.from('x'))
  await store.put('.ballast-doctor/probe', Buffer.from('x'))
  const scanned = []
  for await (const set of scanSets(store, {})) scanned.push(set)
  expect(scanned).toMatchObject([{ address: address(first), objects: 5, contentBytes: 120 }])
  expect(await listDatabases(store, {})).toEqual([{ cluster: 'shop', database: 'app' }])
})

test('a manifest that vanishes while the sets are listed is said to be gone', async () => {
  const store = files.store()
  await storeSet(store, address(first))
  const readStart = async (key: string) => {
    await store.delete([key])
    const parts: Uint8Array[] = []
    for await (const part of store.read(key)) parts.push(part)
    return Buffer.concat(parts)
  }
  const [set] = await listSets(store, {}, { readStart })
  expect(set?.state).toBe('damaged')
  expect(setPrefix(address(first))).toBe(`shop/app/${first}/`)
})

test('the state of alerts is no set, not even beside a database of the same name', async () => {
  const store = files.store()
  await store.put(alertsKey('shop'), Buffer.from('{}'))
  expect(alertsKey('shop')).toBe('shop/.ballast/alerts.json')
  expect(await listDatabases(store, {})).toEqual([])
  expect(await listSets(store, {})).toEqual([])
  for (const database of ['.ballast', 'app']) await storeSet(store, address(first, { database }))
  expect((await listDatabases(store, {})).map(({ database }) => database)).toEqual(['.ballast', 'app'])
  expect((await listSets(store, {})).map((set) => [set.address.database, set.state])).toEqual([
    ['.ballast', 'complete'],
    ['app', 'complete'],
  ])
  const [beside, apart] = await Array.fromAsync(scanSets(store, {}))
  expect(beside?.objects).toBe(apart?.objects)
})
