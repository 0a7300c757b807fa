import { chown, mkdir, readdir, rm, stat, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { verify } from '../../functions/verify/verify.ts'
import { type Sandbox, startSandbox } from '../../sandbox/sandbox.ts'
import { useRestoreBench } from '../support/restore-bench.ts'
import type { FaultRule } from '../support/s3-fault.ts'
import { startS3FaultProxy } from '../support/s3-fault-proxy.ts'
import { storeContent } from '../support/store-content.ts'
import { failingBackups, recoveringBackups } from './tables/backup-into-store.ts'
import { failingRestores, recoveringRestores } from './tables/restore-from-store.ts'
import { always, rule } from './tables/rules.ts'

// The engine's own patience with a store is part of what is tested, so these wait for minutes: side by side, they wait together.
// On a cluster of its own: a COPY that waits for its store would make others wait for a checkpoint.
let cluster: Sandbox
beforeAll(async () => {
  cluster = await startSandbox({ pgbouncer: false, standby: false })
}, 120_000)
const bench = useRestoreBench('patience', { size: 'large', cluster: () => cluster })

beforeAll(async () => {
  const { accessKey, secretKey } = bench.sandbox.s3
  const profile = (name: string, id: string, secret: string) =>
    `[${name}]\naws_access_key_id = ${id}\naws_secret_access_key = ${secret}\n`
  const path = join(bench.directory, 'credentials')
  await writeFile(path, profile('unknown', 'AKIDUNKNOWN', secretKey) + profile('wrong', accessKey, 'wrong'))
  process.env.AWS_SHARED_CREDENTIALS_FILE = path
})

afterAll(async () => {
  await bench.expectNoTraces()
  await cluster.stop()
})

describe.concurrent('a backup into a store that', () => {
  it.each(failingBackups)('%s', async (_, rules, expected) => {
    const one = await bench.begin()
    for (const each of rules) one.proxy.inject(each)
    await one.fails(expected)
  })

  it('does not exist', async () => {
    const one = await bench.begin()
    await one.fails({ kind: 'permanent', code: 'NoSuchBucket' }, { store: { ...one.store, bucket: 'no-such-bucket' } })
  })

  it('is not reachable', async () => {
    const one = await bench.begin()
    const store = { ...one.store, endpoint: 'http://127.0.0.1:9' }
    await one.fails({ kind: 'transient', code: 'ECONNREFUSED' }, { store })
  })

  it('goes away midway', async () => {
    const one = await bench.begin()
    one.proxy.inject(rule('PutObject', { type: 'meanwhile', run: () => one.proxy.stop() }, { key: 'data/', after: 1 }))
    await one.fails({ kind: 'transient', unreachable: true })
  })

  it.each([
    ['does not know the access key', 'unknown', 'InvalidAccessKeyId'],
    ['finds the secret key wrong', 'wrong', 'SignatureDoesNotMatch'],
  ])('%s', async (_, awsProfile, code) => {
    const one = await bench.begin()
    await one.fails({ kind: 'permanent', code, hint: /AWS_|key/ }, { store: { ...one.store, awsProfile } })
  })

  it('loses its bucket while everything is on its way', async () => {
    const one = await bench.begin()
    const bucket = `gone-${Date.now()}`
    const path = join(bench.sandbox.s3.objectsDirectory, bucket)
    const { uid, gid } = await stat(bench.sandbox.s3.objectsDirectory)
    await mkdir(path)
    await chown(path, uid, gid)
    let gone: Promise<void> | undefined
    const run = async (): Promise<void> => {
      gone ??= rm(path, { recursive: true })
      await gone
    }
    for (const operation of ['PutObject', 'CreateMultipartUpload'] as const) {
      one.proxy.inject(rule(operation, { type: 'meanwhile', run }, { times: always }))
    }
    await one.fails({ kind: 'permanent', code: 'NoSuchBucket' }, { store: { ...one.store, bucket } })
  })

  it('holds another run’s manifest under the same name when it comes to that', async () => {
    const one = await bench.begin()
    const theirs = async (): Promise<void> => {
      const key = one.proxy.requests.find(({ key: asked }) => asked.endsWith('manifest.json'))?.key ?? ''
      await one.truth.put(key.slice(one.prefix.length + 1), Buffer.from('{"format":1}'))
    }
    one.proxy.inject(rule('PutObject', { type: 'meanwhile', run: theirs }, { key: 'manifest.json' }))
    await expect(one.backup()).rejects.toMatchObject({ kind: 'permanent', code: 'PreconditionFailed' })
    expect((await one.sets()).map(({ state }) => state)).toEqual(['damaged'])
    expect((await storeContent(one.truth)).pending).toEqual([])
  })
})

describe.concurrent('a restore from a store that', () => {
  it.each(failingRestores)('%s', async (_, rules, expected) => {
    await withRules(rules, async (store) => {
      await bench.fails(expected, await bench.target(), store)
    })
  })

  it('is not reachable', async () => {
    const store = { ...bench.stored.store, endpoint: 'http://127.0.0.1:9' }
    await bench.fails({ kind: 'transient', code: 'ECONNREFUSED', untouched: true }, await bench.target(), { store })
  })

  it('has no such bucket', async () => {
    const store = { ...bench.stored.store, endpoint: bench.sandbox.s3.endpoint, bucket: 'no-such-bucket' }
    await bench.fails({ kind: 'permanent', code: 'NoSuchBucket', untouched: true }, await bench.target(), { store })
  })
})

describe.concurrent('a backup gets over', () => {
  it.each(recoveringBackups)('%s', async (_, fault) => {
    const one = await bench.begin()
    one.proxy.inject(fault)
    await one.expectWholeSet(await one.backup())
  })
})

describe.concurrent('a restore gets over', () => {
  it.each(recoveringRestores)('%s', async (_, fault) => {
    await withRules([fault], async (store) => {
      const target = await bench.target()
      await bench.restore(target, store)
      await bench.expectRestored(target)
    })
  })
})

describe.concurrent('a verification from a store that', () => {
  it('goes away midway: nothing is claimed', async () => {
    const { summary } = bench.manifest
    const scratch = join(bench.directory, 'scratch')
    await mkdir(scratch, { mode: 0o755 })
    const { proxy, store } = await bench.begin()
    proxy.inject(rule('GetObject', { type: 'meanwhile', run: () => proxy.stop() }, { key: 'data/' }))
    const env = { BALLAST_PG_BIN: bench.sandbox.pgBin, BALLAST_SCRATCH_DIR: scratch }
    const place = { ...store, prefix: bench.stored.prefix }
    const { cluster, database, set } = summary
    const work = verify({ store: place, address: { cluster, database, set }, jobs: 2, env })
    await expect(work).rejects.toMatchObject({ kind: 'transient' })
    expect((await storeContent(bench.stored.truth)).objects.filter((key) => key.includes('/evidence/'))).toEqual([])
    expect(await readdir(scratch)).toEqual([])
  })
})

/** The settings of the stored set's place as seen through a proxy with these rules; the proxy is stopped afterwards. */
async function withRules(rules: readonly FaultRule[], work: (store: { store: typeof bench.stored.store }) => Promise<void>) {
  const proxy = await startS3FaultProxy(bench.sandbox.s3.endpoint)
  try {
    for (const one of rules) proxy.inject(one)
    await work({ store: { ...bench.stored.store, endpoint: proxy.endpoint } })
  } finally {
    await proxy.stop()
  }
}
