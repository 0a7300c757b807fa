import { pathToFileURL } from 'node:url'
import type { StoreSettings } from './settings.ts'

/** Where a store is, for people: `s3://bucket/prefix` or `file:///directory`; never a credential. */
export function storeLocation(settings: StoreSettings): string {
  if (settings.type === 'file') return pathToFileURL(settings.directory).href
  const { bucket, prefix } = settings
  return prefix === '' ? `s3://${bucket}` : `s3://${bucket}/${prefix}`
}
