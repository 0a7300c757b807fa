import fc from 'fast-check'
import { describe, expect, it, test } from 'vitest'
import { listSets } from '../../../functions/archive/catalogue.ts'
import { listDatabases } from '../../../functions/archive/catalogue-databases.ts'
import { alertsKey, clusterOfOwnKey, leaseKey, parseKey, parseSlotKey, slotKey } from '../../../functions/archive/keys.ts'
import { recentSummaries } from '../../../functions/archive/recent-sets.ts'
import { formatSetName, parseSetName } from '../../../functions/archive/set-name.ts'
import { findSlotSet, slotRun } from '../../../functions/archive/slot.ts'
import { readStart } from '../../../functions/platform/object-store/start-reader.ts'
import { sweep } from '../../../functions/retention/sweep.ts'
import { storeContent } from '../../support/store-content.ts'
import { address, storeLeftover, storeSet, useFileStore } from '../../support/stored-sets.ts'

const files = useFileStore()
const dueMs = Date.parse('2026-11-25T06:00:00Z')
const run = slotRun({ slot: 'daily', dueMs })
const place = { cluster: 'shop', database: 'app' }

test('a slot is told by its name and the minute it was due at', () => {
  expect(run).toBe('daily-20261125t0600z')
  expect(slotRun({ slot: 'daily', dueMs: dueMs + 60_000 })).toBe('daily-20261125t0601z')
  expect(() => slotRun({ slot: 'daily', dueMs: dueMs + 1 })).toThrow(expect.objectContaining({ kind: 'config' }))
})

test('every slot that a definition can have fits into the name of a set', () => {
  const slots = fc.stringMatching(/^[a-z][a-z0-9-]{0,31}$/)
  fc.assert(
    fc.property(slots, fc.integer({ min: 0, max: 60_000_000 }), (slot, minute) => {
      const name = formatSetName({ startedMs: dueMs, run: slotRun({ slot, dueMs: minute * 60_000 }) })
      expect(parseSetName(name)?.run).toBe(slotRun({ slot, dueMs: minute * 60_000 }))
    }),
  )
})

test('what Ballast keeps beside the sets is never taken for one, whatever things are called', () => {
  fc.assert(
    fc.property(fc.string({ minLength: 1 }), fc.string({ minLength: 1 }), (cluster, database) => {
      fc.pre(cluster.isWellFormed() && database.isWellFormed())
      const key = slotKey({ cluster, database }, run)
      expect(parseSlotKey(key)).toEqual({ cluster, database })
      for (const own of [key, leaseKey(cluster, `backup-${database}`), alertsKey(cluster)]) {
        expect(parseKey(own)).toBeUndefined()
        expect(clusterOfOwnKey(own)).toBe(cluster)
      }
      expect(parseSlotKey(leaseKey(cluster, database))).toBeUndefined()
    }),
  )
})

test('leases and decisions are in no listing of sets, databases or leftovers', async () => {
  await files.store().put(leaseKey('shop', 'backup-app'), Buffer.from('{}'))
  await files.store().put(slotKey(place, run), Buffer.from('{}'))
  await storeSet(files.store(), address(`2026-11-25T060002Z-${run}`))
  expect((await listSets(files.store(), {})).map(({ address: { set } }) => set)).toEqual([`2026-11-25T060002Z-${run}`])
  expect(await listDatabases(files.store(), {})).toEqual([place])
})

describe('the set of a slot', () => {
  it('is one with a manifest, whatever killed runs have left of the same slot', async () => {
    await storeLeftover(files.store(), address(`2026-11-25T060001Z-${run}`))
    expect(await findSlotSet(files.store(), place, run)).toBeUndefined()
    await storeSet(files.store(), address(`2026-11-25T060005Z-${run}`))
    await storeLeftover(files.store(), address(`2026-11-25T060009Z-${run}`))
    expect(await findSlotSet(files.store(), place, run)).toEqual(address(`2026-11-25T060005Z-${run}`))
  })

  it('is not that of another slot, minute or database', async () => {
    await storeSet(files.store(), address('2026-11-25T060005Z-daily-20261125t0601z'))
    await storeSet(files.store(), address('2026-11-25T060005Z-hourly-20261125t0600z'))
    await storeSet(files.store(), address(`2026-11-25T060005Z-${run}`, { database: 'other' }))
    expect(await findSlotSet(files.store(), place, run)).toBeUndefined()
  })
})

test('the newest summaries, past what is incomplete', async () => {
  for (const day of [20, 21, 22]) await storeSet(files.store(), address(`2026-11-${day}T060000Z-x`))
  await storeLeftover(files.store(), address('2026-11-23T060000Z-x'))
  const read = (key: string, length: number) => readStart(files.store(), key, length)
  const found = await recentSummaries(files.store(), read, place, 2)
  expect(found.map(({ set }) => set)).toEqual(['2026-11-22T060000Z-x', '2026-11-21T060000Z-x'])
})

test('a sweep removes old decisions of the databases that it is about, and no lease', async () => {
  const other = slotKey({ cluster: 'shop', database: 'other' }, run)
  for (const key of [slotKey(place, run), other, leaseKey('shop', 'backup-app')])
    await files.store().put(key, Buffer.from('{}'))
  const young = await sweep(files.store(), { filter: {}, olderThanSeconds: 3600, dryRun: false })
  expect(young.removedSlots).toBe(0)
  await new Promise((resolve) => setTimeout(resolve, 5))
  const dry = await sweep(files.store(), { filter: {}, olderThanSeconds: 0, dryRun: true })
  expect(dry.removedSlots).toBe(0)
  const own = await sweep(files.store(), { filter: { cluster: 'shop', database: 'app' }, olderThanSeconds: 0, dryRun: false })
  expect(own.removedSlots).toBe(1)
  const all = await sweep(files.store(), { filter: {}, olderThanSeconds: 0, dryRun: false })
  expect(all.removedSlots).toBe(1)
  expect((await storeContent(files.store())).objects).toEqual([leaseKey('shop', 'backup-app')])
})

test("a sweep ends uploads that killed runs have begun for leases and decisions, and nobody else's", async () => {
  const begin = async (key: string) => await files.store().upload(key).write(Buffer.from('{}'))
  await begin(leaseKey('shop', 'backup-app'))
  await begin(slotKey({ cluster: 'other', database: 'app' }, run))
  await begin('foreign/.ballast-like/file')
  await new Promise((resolve) => setTimeout(resolve, 5))
  const options = { olderThanSeconds: 0, dryRun: false }
  await sweep(files.store(), { filter: { cluster: 'shop', database: 'app' }, ...options })
  expect((await storeContent(files.store())).pending).toHaveLength(3)
  await sweep(files.store(), { filter: { cluster: 'shop' }, ...options })
  expect((await storeContent(files.store())).pending).toHaveLength(2)
  await sweep(files.store(), { filter: {}, ...options })
  expect((await storeContent(files.store())).pending).toEqual(['foreign/.ballast-like/file'])
})
