import { DeferredStore } from './deferred-store.ts'
import { FileStore } from './file/store.ts'
import { defaultLimits, type StoreLimits } from './limits.ts'
import { storeLocation } from './location.ts'
import type { StoreSettings } from './settings.ts'
import type { ObjectStore } from './store.ts'

/**
 * The store that the settings describe. Nothing is asked of it yet: a missing directory, bucket or credential shows at the
 * first call.
 */
export function openStore(settings: StoreSettings, limits: Partial<StoreLimits> = {}): ObjectStore {
  if (settings.type === 'file') return new FileStore(settings)
  // The SDK costs about 0.1 s and 35 MB to load, so only who talks to S3 pays for it.
  return new DeferredStore(storeLocation(settings), async () => {
    const { S3Store } = await import('./s3/store.ts')
    return new S3Store(settings, { ...defaultLimits, ...limits })
  })
}
