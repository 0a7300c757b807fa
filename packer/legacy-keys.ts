import type { BuilderName } from './builders/builder.ts'
import type { JsonObject } from './json.ts'

/** Keys of source blocks that Debian's Packer 1.6.6 does not know, though the plugins of today do. */
export const NEWER_KEYS: Readonly<Partial<Record<BuilderName, readonly string[]>>> = {
  'amazon-ebs': ['imds_support', 'metadata_options', 'deprecate_at'],
  digitalocean: ['snapshot_tags'],
  hcloud: ['firewalls'],
}

/** A source block without what Packer 1.6.6 does not know. For validation, and for the qemu builder, which loses nothing. */
export function withoutNewerKeys(builder: BuilderName, source: JsonObject): JsonObject {
  const newer = NEWER_KEYS[builder] ?? []
  return Object.fromEntries(Object.entries(source).filter(([key]) => !newer.includes(key)))
}
