import { readdir } from 'node:fs/promises'
import { describe, expect, test } from 'vitest'
import { listSets } from '../../../../functions/archive/catalogue.ts'
import { listDatabases } from '../../../../functions/archive/catalogue-databases.ts'
import { historyPrefix, statusPrefix } from '../../../../functions/archive/keys.ts'
import type { ObjectStore } from '../../../../functions/platform/object-store/store.ts'
import type { Outcome } from '../../../../functions/platform/outcome.ts'
import { historyKey } from '../../../../functions/runtime/history/history-keys.ts'
import { readHistory } from '../../../../functions/runtime/history/read-history.ts'
import { recordOutcome } from '../../../../functions/runtime/history/record-outcome.ts'
import { failureOf } from '../../../support/failures.ts'
import { address, storeSet, useFileStore } from '../../../support/stored-sets.ts'

const files = useFileStore()
const good: Outcome = { operation: 'verify', subject: 'shop', ok: true, numbers: {} }
const nowMs = Date.parse('2026-11-25T12:00:00Z')
const run = (atMs = nowMs) => ({ cluster: 'shop', operation: 'verify' as const, atMs, outcome: good })
const key = historyKey('shop', '2026-11', { operation: 'verify' })
const read = (days = 90) => readHistory(files.store(), 'shop', { days, nowMs })

/** A store whose conditional writes come too late, so many times. */
function racing(store: ObjectStore, times: number): { store: ObjectStore; attempts(): number } {
  let attempts = 0
  const put: ObjectStore['put'] = async (where, body, options) => {
    attempts += 1
    // Another run of the same operation is first.
    if (attempts <= times) await recordOutcome(store, run(nowMs - attempts * 60_000))
    return await store.put(where, body, options)
  }
  return {
    store: new Proxy(store, { get: (target, name) => (name === 'put' ? put : bound(target, name)) }),
    attempts: () => attempts,
  }
}

function bound(target: ObjectStore, name: string | symbol): unknown {
  const value: unknown = Reflect.get(target, name)
  return typeof value === 'function' ? value.bind(target) : value
}

test('what is recorded is read back, by operation and slot', async () => {
  const store = files.store()
  await recordOutcome(store, run())
  await recordOutcome(store, { ...run(), operation: 'backup', slot: 'daily' })
  await recordOutcome(store, { ...run(), operation: 'backup', slot: 'six-hourly', atMs: nowMs - 86_400_000 })
  const { series, problems } = await read()
  expect(problems).toEqual([])
  expect(series.map(({ operation, slot }) => [operation, slot])).toEqual([
    ['backup', 'daily'],
    ['backup', 'six-hourly'],
    ['verify', undefined],
  ])
})

test('nothing recorded is an empty history', async () => {
  expect(await read()).toEqual({ series: [], problems: [] })
})

test('a lost race is run again on what the other wrote', async () => {
  const { store, attempts } = racing(files.store(), 3)
  await recordOutcome(store, run())
  expect(attempts()).toBe(4)
  const { series } = await read()
  expect(series[0]?.days.at(-1)?.polls).toBe(4)
})

test('who always loses gives up, and says so', async () => {
  const { store, attempts } = racing(files.store(), 1000)
  const failure = await failureOf(recordOutcome(store, run()))
  expect(failure).toMatchObject({ kind: 'transient', code: 'Busy' })
  expect(attempts()).toBe(8)
})

test('runs of two operations at one instant do not wait for each other', async () => {
  const store = files.store()
  const operations = ['verify', 'copies', 'freshness', 'retention', 'replication'] as const
  await Promise.all(operations.map((operation) => recordOutcome(store, { ...run(), operation })))
  expect((await read()).series).toHaveLength(operations.length)
})

describe('a document that cannot be understood', () => {
  test('is said when read, and hides no other', async () => {
    const store = files.store()
    await recordOutcome(store, { ...run(), operation: 'copies' })
    await store.put(key, Buffer.from('{"format":1,'))
    const { series, problems } = await read()
    expect(problems).toEqual([`${key} is no JSON`])
    expect(series.map(({ operation }) => operation)).toEqual(['copies'])
  })

  test('is begun anew when written, and said', async () => {
    const store = files.store()
    await store.put(key, Buffer.from('garbage'))
    expect(await recordOutcome(store, run())).toEqual({ replaced: 'is no JSON' })
    expect(await recordOutcome(store, run(nowMs + 60_000))).toEqual({})
    expect((await read()).series[0]?.days.at(-1)?.polls).toBe(2)
  })

  test('too large to be one: the same', async () => {
    const store = files.store()
    await store.put(key, Buffer.alloc(5 * 1024 * 1024))
    expect((await read()).problems).toEqual([`${key} is far too large`])
    expect(await recordOutcome(store, run())).toEqual({ replaced: 'is far too large' })
    expect((await read()).problems).toEqual([])
  })

  test('of a newer Ballast is left as it is', async () => {
    const store = files.store()
    const bytes = Buffer.from('{"format":2}')
    await store.put(key, bytes)
    expect(await failureOf(recordOutcome(store, run()))).toMatchObject({ kind: 'permanent', code: 'NewerHistory' })
    expect(Buffer.from((await store.readSmall(key))?.bytes ?? [])).toEqual(bytes)
    expect((await read()).problems[0]).toContain('of a newer Ballast')
  })

  test('under the name of another is not taken for it', async () => {
    const store = files.store()
    await recordOutcome(store, run())
    const bytes = (await store.readSmall(key))?.bytes ?? Buffer.alloc(0)
    const other = historyKey('shop', '2026-10', { operation: 'copies' })
    await store.put(other, bytes)
    const { series, problems } = await read()
    expect(problems).toEqual([`${other} is about verify in 2026-11`])
    expect(series).toHaveLength(1)
  })
})

test('months before the window and foreign keys are not even read', async () => {
  const store = files.store()
  await store.put(historyKey('shop', '2026-07', { operation: 'verify' }), Buffer.from('garbage'))
  await store.put(historyKey('shop', '2027-01', { operation: 'verify' }), Buffer.from('garbage'))
  await store.put(`${historyPrefix('shop')}2026-11/README.md`, Buffer.from('garbage'))
  expect(await read()).toEqual({ series: [], problems: [] })
  expect((await read(365)).problems).toHaveLength(1)
})

test('neither a history nor a status page is taken for backups, not even beside a database of that name', async () => {
  const store = files.store()
  await recordOutcome(store, run())
  await store.put(`${statusPrefix('shop')}index.html`, Buffer.from('page'))
  expect(await listSets(store, {})).toEqual([])
  expect(await listDatabases(store, {})).toEqual([])
  await storeSet(store, address('2026-11-22T060000Z-daily', { database: '.ballast' }))
  expect(await listSets(store, { cluster: 'shop' })).toMatchObject([{ state: 'complete', address: { database: '.ballast' } }])
  expect((await readdir(`${files.directory()}/shop/.ballast`)).sort()).toEqual([
    '2026-11-22T060000Z-daily',
    'history',
    'status',
  ])
})
