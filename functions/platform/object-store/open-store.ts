import { DeferredStore } from './deferred-store.ts'
import { FileStore } from './file/store.ts'
import { defaultLimits, type StoreLimits } from './limits.ts'
import { storeLocation } from './location.ts'
import type { S3Settings, StoreSettings } from './settings.ts'
import type { ObjectStore } from './store.ts'

/**
 * The store that the settings describe. Nothing is asked of it yet: a missing directory, bucket or credential shows at the
 * first call.
 */
export function openStore(settings: StoreSettings, limits: Partial<StoreLimits> = {}): ObjectStore {
  if (settings.type === 'file') return new FileStore(settings)
  return new DeferredStore(storeLocation(settings), loadS3Store(settings, { ...defaultLimits, ...limits }))
}

/** The SDK costs about 0.1 s and 35 MB to load: only who talks to S3 pays for it, while other things are being waited for. */
async function loadS3Store(settings: S3Settings, limits: StoreLimits): Promise<ObjectStore> {
  const { S3Store } = await import('./s3/store.ts')
  return new S3Store(settings, limits)
}
