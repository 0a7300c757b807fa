import { createHash } from 'node:crypto'
import { refuseArchived } from '../archive/archived-files.ts'
import { evidenceVerdict, restoreScriptFile, type SetAddress, setPrefix } from '../archive/keys.ts'
import type { Manifest } from '../archive/manifest.ts'
import { listFiles, objectProblems, readObject, readWholeManifest } from '../archive/read-set.ts'
import { restoreScript } from '../archive/restore-script.ts'
import { ballastVersion } from '../archive/version.ts'
import type { ObjectStore } from '../platform/object-store/store.ts'
import { damagedSource, isOtherContent } from './failures.ts'

/** A set as the source has it: what is small, whole, and what is large, by its recorded hashes. */
export interface SourceSet {
  manifest: Manifest
  manifestBytes: Uint8Array
  manifestSha256: string
  script: Uint8Array
  /** Files that hold the verdict of a verification. */
  evidence: string[]
  /** SHA-256 of the manifests that evidence may speak of: its own, and the one that it was encrypted from. */
  spokenOf: string[]
}

/** Reads what says what a set is. A set that is not whole by its listing is refused before anything is sent. */
export async function readSourceSet(store: ObjectStore, address: SetAddress, signal?: AbortSignal): Promise<SourceSet> {
  const { manifest, bytes } = await readWholeManifest(store, address, signal)
  const files = await listFiles(store, address, signal)
  const [first, ...others] = objectProblems(files, manifest)
  if (first !== undefined) {
    const more = others.length === 0 ? '' : ` (and ${others.length} more objects are not right)`
    throw damagedSource(store, address, first.file, first.problem + more)
  }
  const manifestSha256 = sha256(bytes)
  const { copyOf } = manifest.encryption ?? {}
  await refuseArchived(store, address, signal)
  return {
    ...{ manifest, manifestBytes: bytes, manifestSha256 },
    spokenOf: copyOf === undefined ? [manifestSha256] : [manifestSha256, copyOf],
    script: await readScript(store, address, manifest, signal),
    evidence: [...files.keys()].filter((file) => evidenceVerdict(file) !== undefined),
  }
}

/** The manifest has no hash of the script; but the script follows from the manifest, where the same version wrote both. */
async function readScript(
  store: ObjectStore,
  address: SetAddress,
  manifest: Manifest,
  signal?: AbortSignal,
): Promise<Uint8Array> {
  try {
    const script = await readObject(store, setPrefix(address) + restoreScriptFile, signal)
    const isOurs = manifest.ballast === ballastVersion
    if (!isOurs || script.toString('utf8') === restoreScript(manifest)) return script
  } catch (error) {
    if (isOtherContent(error)) throw damagedSource(store, address, restoreScriptFile, 'cannot be read', error)
    throw error
  }
  throw damagedSource(store, address, restoreScriptFile, 'is not the script that belongs to the manifest')
}

export function sha256(bytes: Uint8Array): string {
  return createHash('sha256').update(bytes).digest('hex')
}
