import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { conditionsAreAtomic } from '../../../functions/platform/object-store/conditional-writes.ts'
import { openStore } from '../../../functions/platform/object-store/open-store.ts'
import type { StoreSettings } from '../../../functions/platform/object-store/settings.ts'
import type { ObjectStore } from '../../../functions/platform/object-store/store.ts'
import { acquireLease, type LeaseRequest, readLease } from '../../../functions/runtime/lease/acquire-lease.ts'
import { whileHeld } from '../../../functions/runtime/lease/while-held.ts'
import { failureOf } from '../../support/failures.ts'
import { useSandbox } from '../../support/sandbox.ts'

const sandbox = useSandbox()
let directory = ''

beforeAll(async () => {
  Object.assign(process.env, sandbox.s3.env)
  directory = await mkdtemp(join(tmpdir(), 'ballast-lease-'))
})

afterAll(() => rm(directory, { recursive: true, force: true }))

const kinds = ['a directory', 'an S3 bucket'] as const

function settingsOf(kind: (typeof kinds)[number]): StoreSettings {
  const { bucket, region, endpoint } = sandbox.s3
  if (kind === 'a directory') return { type: 'file', directory }
  return { type: 's3', bucket, prefix: 'leases', region, endpoint, provider: 'versitygw' }
}

describe.each(kinds)('a lease in %s', (kind) => {
  let store: ObjectStore
  let settleMs = 0
  let names = 0

  beforeAll(() => {
    store = openStore(settingsOf(kind))
    settleMs = conditionsAreAtomic(settingsOf(kind)) ? 0 : 300
  })

  afterAll(() => store.close())

  const request = (change: Partial<LeaseRequest> = {}): LeaseRequest => {
    if (change.key === undefined) names += 1
    return {
      ...{ store, key: `lease-${names}.json`, dueMs: 60_000, by: 'a test', lifeMs: 1_500, settleMs, whenBusy: 'leave' },
      ...{ signal: new AbortController().signal, note: () => undefined },
      ...change,
    }
  }

  const take = async (from: LeaseRequest) => {
    const acquired = await acquireLease(from)
    if ('busy' in acquired) throw new Error('the lease is busy')
    return acquired
  }

  it('is held while work goes on and given back at its end, also of work that fails', async () => {
    const one = request()
    const state = await whileHeld(one, await take(one), async () => (await readLease(store, one.key))?.lease.state)
    expect(state).toBe('held')
    expect((await readLease(store, one.key))?.lease.state).toBe('released')
    const failing = whileHeld(one, await take(one), () => Promise.reject(new Error('no')))
    await expect(failing).rejects.toThrow('no')
    expect((await readLease(store, one.key))?.lease.state).toBe('released')
  })

  it('is left alone while its holder is seen alive, for longer than a life', async () => {
    const one = request()
    const held = await take(one)
    await whileHeld(one, held, async () => {
      await sleep(2 * one.lifeMs)
      const other = await acquireLease(request({ key: one.key }))
      expect(other).toMatchObject({ busy: { holder: held.held.lease.holder } })
    })
  })

  it('is waited for by another slot, and taken when it is given back', async () => {
    const one = request({ slot: 'daily' })
    const held = await take(one)
    const notes: string[] = []
    const other = request({ key: one.key, slot: 'hourly', whenBusy: 'wait', note: (line) => notes.push(line) })
    let worked = false
    const [, next] = await Promise.all([
      whileHeld(one, held, async () => {
        await sleep(2 * one.lifeMs)
        worked = true
      }),
      take(other).then((taken) => ({ taken, worked })),
    ])
    expect(next.worked).toBe(true)
    expect(next.taken.held.lease).toMatchObject({ slot: 'hourly', state: 'held' })
    expect(notes).toEqual([expect.stringContaining('a test')])
  })

  it('is not waited for by a duplicate of the same slot and instant', async () => {
    const one = request({ slot: 'daily' })
    await whileHeld(one, await take(one), async () => {
      expect(await acquireLease(request({ key: one.key, slot: 'daily', whenBusy: 'wait' }))).toHaveProperty('busy')
    })
  })

  it('is taken over from a holder that is dead, after one life', async () => {
    const one = request()
    const { held } = await take(one)
    const seenMs = performance.now()
    const next = await take(request({ key: one.key }))
    expect(performance.now() - seenMs).toBeGreaterThanOrEqual(one.lifeMs)
    expect(next.held.lease.holder).not.toBe(held.lease.holder)
  })

  it('stops the work of a holder that was taken over', async () => {
    const one = request()
    const held = await take(one)
    const work = whileHeld(one, held, async (signal) => {
      const { lease, version } = held.held
      await store.put(one.key, Buffer.from(JSON.stringify({ ...lease, holder: 'somebody else' })), { ifVersion: version })
      await new Promise<void>((resolve) => signal.addEventListener('abort', () => resolve()))
      throw signal.reason
    })
    expect(await failureOf(work)).toMatchObject({
      code: 'LeaseLost',
      kind: 'transient',
      message: expect.stringContaining('taken over'),
    })
    expect((await readLease(store, one.key))?.lease).toMatchObject({ holder: 'somebody else', state: 'held' })
  })

  it('goes to one of many who ask at one moment', async () => {
    const one = request({ lifeMs: 60_000 })
    const stop = new AbortController()
    const taken: string[] = []
    const asking = Array.from({ length: 8 }, () =>
      acquireLease({ ...one, signal: stop.signal }).then((acquired) => {
        if ('held' in acquired) taken.push(acquired.held.lease.holder)
      }),
    )
    await Promise.race(asking)
    await sleep(3 * settleMs + 300)
    stop.abort()
    await Promise.allSettled(asking)
    expect(taken).toEqual([(await readLease(store, one.key))?.lease.holder])
  })

  it('cannot be read: said, and left as it is', async () => {
    const one = request()
    await store.put(one.key, Buffer.from('not a lease'))
    expect(await failureOf(acquireLease(one))).toMatchObject({ code: 'BadLease', kind: 'permanent' })
  })
})

describe('a holder that cannot reach the store', () => {
  it('has stopped its work before anybody else may start', async () => {
    const lost = await mkdtemp(join(tmpdir(), 'ballast-lost-'))
    const place = { type: 'file', directory: lost } as const
    const store = openStore(place)
    const one: LeaseRequest = {
      ...{ store, key: 'k.json', dueMs: 0, by: 'a test', settleMs: 0, whenBusy: 'leave', lifeMs: 3_000 },
      ...{ note: () => undefined, signal: new AbortController().signal },
    }
    const acquired = await acquireLease(one)
    if ('busy' in acquired) throw new Error('busy')
    let stopped = false
    const work = whileHeld(one, acquired, async (signal) => {
      store.put = () => Promise.reject(new Error('the network is down'))
      await new Promise<void>((resolve) => signal.addEventListener('abort', () => resolve()))
      stopped = true
      throw signal.reason
    })
    const other = acquireLease({ ...one, store: openStore(place) }).then((taken) => ({ taken, stopped }))
    expect(await failureOf(work)).toMatchObject({ code: 'LeaseLost', message: expect.stringContaining('renewed in time') })
    expect(await other).toMatchObject({ taken: { held: { lease: { state: 'held' } } }, stopped: true })
    await rm(lost, { recursive: true })
  })
})
