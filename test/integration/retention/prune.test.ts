import { rm } from 'node:fs/promises'
import { join } from 'node:path'
import { CreateBucketCommand, PutObjectLegalHoldCommand, PutObjectRetentionCommand, S3Client } from '@aws-sdk/client-s3'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { manifestFile, setPrefix } from '../../../functions/archive/keys.ts'
import { openStore } from '../../../functions/platform/object-store/open-store.ts'
import { readStart } from '../../../functions/platform/object-store/start-reader.ts'
import type { ObjectStore } from '../../../functions/platform/object-store/store.ts'
import type { RetentionPolicy } from '../../../functions/retention/policy.ts'
import { prune } from '../../../functions/retention/prune.ts'
import type { S3Server } from '../../../sandbox/s3-server.ts'
import { failureOf } from '../../support/failures.ts'
import { address, storeLeftover, storeSet, useFileStore } from '../../support/stored-sets.ts'
import { startVersitygw } from '../../support/versitygw.ts'

const equal = '20261122T090000Z-equal.json'
const different = '20261122T090000Z-different.json'
const names = [17, 18, 19, 20, 21].map((day) => `2026-11-${day}T060000Z-daily`)
const policy: RetentionPolicy = { keep: { last: 1 }, floor: 1, timeZone: 'UTC' }
const options = { filter: {}, policy, dryRun: false }

/** Five sets: three verified, one found different, the newest not verified. */
async function storeFive(store: ObjectStore): Promise<void> {
  const evidence = [[equal], [different], [equal], [equal], []]
  for (const [index, name] of names.entries()) {
    const files = evidence[index] ?? []
    await storeSet(store, address(name), { evidence: files })
  }
}

async function manifests(store: ObjectStore): Promise<string[]> {
  const found: string[] = []
  for await (const { objects } of store.list('')) found.push(...objects.map(({ key }) => key))
  return found.filter((key) => key.endsWith(manifestFile)).map((key) => key.split('/')[2] ?? '')
}

const manifestOf = (name: string | undefined): string => setPrefix(address(name ?? '')) + manifestFile

describe('in a directory', () => {
  const files = useFileStore()

  test('deletes what the policy does not keep, whole, and says why of each', async () => {
    const store = files.store()
    await storeFive(store)
    await storeLeftover(store, address('2026-11-16T060000Z-daily'))
    const { sets, deletedObjects, deletedBytes } = await prune(store, options)
    expect(sets.map(({ outcome, reasons }) => `${outcome}: ${reasons.join('; ')}`)).toEqual([
      'deleted: no rule keeps it',
      `deleted: found different when verified, and ${names[3]} is verified`,
      'deleted: no rule keeps it',
      'kept: last; the last verified set',
      'kept: not verified, and no newer set is verified',
    ])
    expect(await manifests(store)).toEqual(names.slice(3))
    expect(deletedObjects).toBe(18)
    expect(deletedBytes).toBeGreaterThan(0)
    const left: string[] = []
    for await (const { objects } of store.list('')) left.push(...objects.map(({ key }) => key))
    expect(left.filter((key) => names.slice(0, 3).some((name) => key.includes(name)))).toEqual([])
    expect(left.filter((key) => key.includes('2026-11-16'))).toHaveLength(2)
  })

  test('goes by the verdicts that came along where the sets are copies; having been compared is none', async () => {
    const store = files.store()
    const copied = '20261122T100000Z-copied.json'
    // As after an outage: the newest was copied first, so that the store's clock has them the other way round.
    for (const [index, name] of [...names.entries()].reverse()) {
      await storeSet(store, address(name), { evidence: index < 3 ? [equal, copied] : [copied] })
    }
    const { sets } = await prune(store, { ...options, policy: { ...policy, floor: 2 } })
    expect(sets.map(({ standing, outcome }) => `${standing} ${outcome}`)).toEqual([
      'verified kept',
      'verified kept',
      'verified kept',
      'unverified kept',
      'unverified kept',
    ])
    await store.put(`${setPrefix(address(names[4] ?? ''))}evidence/${equal}`, Buffer.from('{}'))
    await storeSet(store, address('2026-11-22T060000Z-daily'), { evidence: [equal, copied] })
    const after = await prune(store, { ...options, policy: { ...policy, floor: 2 } })
    expect(after.sets.map(({ outcome }) => outcome)).toEqual(['kept', 'deleted', 'deleted', 'deleted', 'kept', 'kept'])
  })

  test('changes nothing when it only says what it would do', async () => {
    const store = files.store()
    await storeFive(store)
    const { sets } = await prune(store, { ...options, dryRun: true })
    expect(sets.map(({ outcome }) => outcome)).toEqual(['planned', 'planned', 'planned', 'kept', 'kept'])
    expect(await manifests(store)).toEqual(names)
  })

  test('takes the manifest away first, so that nothing half deleted looks whole', async () => {
    const store = files.store()
    await storeFive(store)
    const deleted: string[] = []
    const broken = withDelete(store, async (keys) => {
      deleted.push(...keys)
      if (keys.length > 1) throw new Error('the disk is gone')
      await store.delete(keys)
    })
    await expect(prune(broken, options)).rejects.toThrow('the disk is gone')
    expect(deleted[0]).toBe(manifestOf(names[0]))
    expect(await manifests(store)).toEqual(names.slice(1))
  })

  test('leaves alone what was verified after it was listed', async () => {
    const store = files.store()
    await storeFive(store)
    const key = `${setPrefix(address(names[1] ?? ''))}evidence/20261122T100000Z-equal.json`
    const result = await prune(store, { ...options, readStart: onceAllAreRead(store, () => store.put(key, Buffer.from('{}'))) })
    expect(result.sets.map(({ outcome }) => outcome)).toEqual(['deleted', 'spared', 'deleted', 'kept', 'kept'])
    expect(await manifests(store)).toContain(names[1])
  })

  test('deletes nothing when what it would keep is gone', async () => {
    const store = files.store()
    await storeFive(store)
    const reading = onceAllAreRead(store, () => rm(join(files.directory(), manifestOf(names[3]))))
    const failure = await failureOf(prune(store, { ...options, readStart: reading }))
    expect(failure).toMatchObject({ kind: 'transient', code: 'CHANGED', subject: 'shop/app' })
    expect(await manifests(store)).toHaveLength(4)
  })
})

describe('in a bucket with versioning and object lock', () => {
  let server: S3Server
  let client: S3Client
  beforeAll(async () => {
    server = await startVersitygw({ versioning: true })
    client = new S3Client({ endpoint: server.endpoint, region: server.region, forcePathStyle: true })
    await client.send(new CreateBucketCommand({ Bucket: 'locked', ObjectLockEnabledForBucket: true }))
  }, 120_000)
  afterAll(async () => {
    client?.destroy()
    await server?.stop()
  })

  test('what is locked stays, is reported with the end of its lock, and is no error', async () => {
    const settings = { type: 's3', bucket: 'locked', prefix: 'pg', endpoint: server.endpoint, region: server.region } as const
    const store = openStore({ ...settings, provider: 'versitygw' })
    try {
      await storeFive(store)
      const until = new Date(Math.ceil(Date.now() / 1000) * 1000 + 86_400_000)
      const lock = (name: string | undefined) => ({ Bucket: 'locked', Key: `pg/${manifestOf(name)}` })
      const retention = { Mode: 'GOVERNANCE', RetainUntilDate: until } as const
      await client.send(new PutObjectRetentionCommand({ ...lock(names[0]), Retention: retention }))
      await client.send(new PutObjectLegalHoldCommand({ ...lock(names[1]), LegalHold: { Status: 'ON' } }))
      const { sets } = await prune(store, options)
      expect(sets.map(({ outcome, lockedUntilMs }) => [outcome, lockedUntilMs])).toEqual([
        ['locked', until.getTime()],
        ['locked', Number.POSITIVE_INFINITY],
        ['deleted', undefined],
        ['kept', undefined],
        ['kept', undefined],
      ])
      expect(await manifests(store)).toEqual([names[0], names[1], names[3], names[4]])
    } finally {
      store.close()
    }
  })
})

/** The store with another `delete`. */
function withDelete(store: ObjectStore, remove: ObjectStore['delete']): ObjectStore {
  return new Proxy(store, {
    get: (target, name) => {
      if (name === 'delete') return remove
      const value: unknown = Reflect.get(target, name)
      return typeof value === 'function' ? value.bind(target) : value
    },
  })
}

/** Reads manifests as usual, and lets something happen when the last of them has been read: the plan is not made yet. */
function onceAllAreRead(store: ObjectStore, act: () => Promise<unknown>) {
  let read = 0
  return async (key: string, length: number): Promise<Uint8Array> => {
    const bytes = await readStart(store, key, length)
    read += 1
    if (read === names.length) await act()
    return bytes
  }
}
