import { afterAll, beforeAll, describe } from 'vitest'
import { openStore } from '../../../functions/platform/object-store/open-store.ts'
import type { ProviderName } from '../../../functions/platform/object-store/settings.ts'
import type { ObjectStore } from '../../../functions/platform/object-store/store.ts'
import type { S3Server } from '../../../sandbox/s3-server.ts'
import { startVersitygw } from '../../support/versitygw.ts'
import { describeContract } from './suite/contract.ts'

// As itself, with checksums and conditional writes; and as a store of which nothing is known; and with parts of one size.
const providers: [provider: ProviderName, partBytes: number][] = [
  ['versitygw', 8 * 1024 * 1024],
  ['generic', 8 * 1024 * 1024],
  ['r2', 16 * 1024 * 1024],
]

let server: S3Server
const stores: ObjectStore[] = []
let opened = 0

beforeAll(async () => {
  server = await startVersitygw()
})

afterAll(async () => {
  for (const store of stores) store.close()
  await server?.stop()
})

describe.each(providers)('the S3 store, as %s', (provider, partBytes) => {
  describeContract({
    partBytes,
    // The server's own limit, whatever it is asked as.
    atomicIfAbsent: false,
    openEmpty: async () => {
      opened += 1
      const { bucket, endpoint, region } = server
      const prefix = `contract/${provider}-${opened}`
      // versitygw signs for its own region, whatever the provider's usual one is.
      const store = openStore({ type: 's3', bucket, prefix, endpoint, region, provider })
      stores.push(store)
      return store
    },
  })
})
