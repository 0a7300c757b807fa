import { type Evidence, serializeEvidence } from '../../functions/archive/evidence.ts'
import { evidenceFile, manifestFile, restoreScriptFile, type SetAddress, setPrefix } from '../../functions/archive/keys.ts'
import { type Manifest, serializeManifest } from '../../functions/archive/manifest.ts'
import { restoreScript } from '../../functions/archive/restore-script.ts'
import { parseSetName } from '../../functions/archive/set-name.ts'
import { ballastVersion } from '../../functions/archive/version.ts'
import type { ObjectStore } from '../../functions/platform/object-store/store.ts'
import { all, collect, patternBytes, sha256Hex } from './bytes.ts'
import { sampleManifest } from './manifests.ts'

/** Sizes of the files of a set; the second unit is large enough to be uploaded in parts. */
export const wholeSetBytes = {
  'schema.dump': 40_000,
  'globals.sql': 700,
  'data/000001.zst': 300_000,
  'data/000002.zst': 20_000_000,
  'data/000003.zst': 5_000,
} as const

/** Stores a set whose manifest is right about every byte of it, and returns the manifest. What is in the rows is noise. */
export async function storeWholeSet(
  store: ObjectStore,
  of: SetAddress,
  sizes: Readonly<Record<string, number>> = wholeSetBytes,
): Promise<Manifest> {
  const contents = Object.entries(sizes).map(([file, size], index) => ({ file, body: patternBytes(size, index + 1) }))
  const stored = contents.map(({ file, body }) => ({ file, bytes: body.length, sha256: sha256Hex(body) }))
  const startedAt = new Date(parseSetName(of.set)?.startedMs ?? 0).toISOString()
  const sample = sampleManifest()
  const storedBytes = stored.reduce((sum, { bytes }) => sum + bytes, 0)
  const manifest: Manifest = {
    ...sample,
    ballast: ballastVersion,
    summary: { ...sample.summary, ...of, startedAt, storedBytes },
    files: stored.filter(({ file }) => !file.startsWith('data/')),
    units: stored.filter(({ file }) => file.startsWith('data/')),
  }
  const prefix = setPrefix(of)
  for (const { file, body } of contents) await store.put(prefix + file, body)
  await store.put(prefix + restoreScriptFile, Buffer.from(restoreScript(manifest)))
  await store.put(prefix + manifestFile, serializeManifest(manifest))
  return manifest
}

/** Stores the evidence of a verification that ended at this moment. */
export async function storeVerdict(
  store: ObjectStore,
  manifest: Manifest,
  atMs: number,
  changed: Partial<Extract<Evidence, { format: 1 }>> = {},
): Promise<void> {
  const { cluster, database, set } = manifest.summary
  const at = new Date(atMs).toISOString()
  const evidence: Evidence = {
    ...{ format: 1, cluster, database, set, verdict: 'equal', startedAt: at, finishedAt: at, ballast: ballastVersion },
    ...{ manifestSha256: sha256Hex(serializeManifest(manifest)), compared: {}, findings: [], findingsTotal: 0, notes: [] },
    secondsByPhase: {},
    ...changed,
  }
  await store.put(setPrefix(manifest.summary) + evidenceFile(atMs, { verdict: 'equal' }), serializeEvidence(evidence))
}

/** Every object of a store with the hash of its bytes. */
export async function hashes(store: ObjectStore): Promise<Record<string, string>> {
  const found: Record<string, string> = {}
  for (const { objects } of await all(store.list(''))) {
    for (const { key } of objects) found[key] = sha256Hex(await collect(store.read(key)))
  }
  return found
}
