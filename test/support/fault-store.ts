import { afterAll, afterEach, beforeAll } from 'vitest'
import type { StoreLimits } from '../../functions/platform/object-store/limits.ts'
import { openStore } from '../../functions/platform/object-store/open-store.ts'
import type { S3Settings } from '../../functions/platform/object-store/settings.ts'
import type { ObjectStore } from '../../functions/platform/object-store/store.ts'
import type { S3Server } from '../../sandbox/s3-server.ts'
import { all } from './bytes.ts'
import { type S3FaultProxy, startS3FaultProxy } from './s3-fault-proxy.ts'
import { startVersitygw } from './versitygw.ts'

/** An S3 server with a fault proxy before it, and stores that talk to it through the proxy or past it. */
export interface FaultBench {
  readonly server: S3Server
  readonly proxy: S3FaultProxy
  /** Goes through the proxy: four attempts, hardly a wait between them. */
  store(settings?: Partial<S3Settings>, limits?: Partial<StoreLimits>): ObjectStore
  /** Goes past the proxy: what the store really holds. */
  readonly truth: ObjectStore
  /** Keys of all objects and of all pending uploads. */
  leftovers(): Promise<{ objects: string[]; pending: string[] }>
}

/** Gives each test of a file an empty prefix and a proxy without faults. */
export function useFaultBench(): FaultBench {
  let server: S3Server
  let proxy: S3FaultProxy
  let tests = 0
  const opened: ObjectStore[] = []
  const open = (endpoint: string, settings: Partial<S3Settings>, limits: Partial<StoreLimits>) => {
    const { bucket, region } = server
    const base = { type: 's3', bucket, prefix: `test-${tests}`, endpoint, region, provider: 'versitygw' } as const
    const store = openStore({ ...base, ...settings }, { attempts: 4, backoffMs: 1, ...limits })
    opened.push(store)
    return store
  }
  let truth: ObjectStore | undefined
  beforeAll(async () => {
    server = await startVersitygw()
    proxy = await startS3FaultProxy(server.endpoint)
  })
  afterEach(() => {
    for (const store of opened.splice(0)) store.close()
    proxy.clear()
    truth = undefined
    tests += 1
  })
  afterAll(async () => {
    await proxy?.stop()
    await server?.stop()
  })
  const bench: FaultBench = {
    get server() {
      return server
    },
    get proxy() {
      return proxy
    },
    store: (settings = {}, limits = {}) => open(proxy.endpoint, settings, limits),
    get truth() {
      truth ??= open(server.endpoint, {}, {})
      return truth
    },
    leftovers: async () => {
      const pages = await all(bench.truth.list(''))
      const pending = await all(bench.truth.pendingUploads(''))
      return { objects: pages.flatMap(({ objects }) => objects.map(({ key }) => key)), pending: pending.map(({ key }) => key) }
    },
  }
  return bench
}
