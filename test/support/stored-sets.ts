import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach } from 'vitest'
import { manifestFile, type SetAddress, setPrefix } from '../../functions/archive/keys.ts'
import { type Manifest, serializeManifest } from '../../functions/archive/manifest.ts'
import { parseSetName } from '../../functions/archive/set-name.ts'
import { openStore } from '../../functions/platform/object-store/open-store.ts'
import type { ObjectStore } from '../../functions/platform/object-store/store.ts'
import { sampleManifest } from './manifests.ts'

/** A directory store, new and empty for each test. */
export function useFileStore(): { store(): ObjectStore; directory(): string } {
  let directory = ''
  beforeEach(async () => {
    directory = await mkdtemp(join(tmpdir(), 'ballast-sets-'))
  })
  afterEach(() => rm(directory, { recursive: true, force: true }))
  return { store: () => openStore({ type: 'file', directory }), directory: () => directory }
}

/** The address of a set of shop/app, unless another place is named. */
export function address(set: string, place: Partial<SetAddress> = {}): SetAddress {
  return { cluster: 'shop', database: 'app', set, ...place }
}

/** Stores the objects that a listing looks at; sizes agree with the manifest unless `content` says otherwise. */
export async function storeSet(
  store: ObjectStore,
  of: SetAddress,
  options: { summary?: Partial<Manifest['summary']>; content?: number; evidence?: string[]; manifest?: Uint8Array } = {},
): Promise<void> {
  const { summary, content = 100, evidence = [] } = options
  const startedAt = new Date(parseSetName(of.set)?.startedMs ?? 0).toISOString()
  const { summary: sample, ...rest } = sampleManifest()
  const manifest = { ...rest, summary: { ...sample, ...of, startedAt, storedBytes: 120, ...summary } }
  const prefix = setPrefix(of)
  await store.put(`${prefix}schema.dump`, Buffer.alloc(15))
  await store.put(`${prefix}globals.sql`, Buffer.alloc(5))
  await store.put(`${prefix}data/000001.zst`, Buffer.alloc(content))
  await store.put(`${prefix}restore.sh`, Buffer.alloc(50))
  for (const file of evidence) await store.put(`${prefix}evidence/${file}`, Buffer.from('{}'))
  await store.put(prefix + manifestFile, options.manifest ?? serializeManifest(manifest))
}

/** Stores what an interrupted run leaves. */
export async function storeLeftover(store: ObjectStore, of: SetAddress): Promise<void> {
  await store.put(`${setPrefix(of)}data/000001.zst`, Buffer.alloc(30))
  await store.put(`${setPrefix(of)}schema.dump`, Buffer.alloc(12))
}
