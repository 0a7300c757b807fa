import { createHash } from 'node:crypto'
import { manifestFile, restoreScriptFile, type SetAddress, setPrefix } from '../archive/keys.ts'
import { type Manifest, parseManifest } from '../archive/manifest.ts'
import { findObjectProblems, readManifest, readObject } from '../archive/read-set.ts'
import { restoreScript } from '../archive/restore-script.ts'
import { ballastVersion } from '../archive/version.ts'
import { Failure } from '../platform/failure.ts'
import type { ObjectStore } from '../platform/object-store/store.ts'
import { isDamage } from './damage.ts'
import type { Findings } from './findings.ts'
import { checkConsistency } from './manifest-consistency.ts'

/** What is known of a set before it is restored. */
export interface CheckedSet {
  /** Undefined when it cannot be understood, which is then a finding. */
  manifest: Manifest | undefined
  manifestSha256: string
  notes: string[]
}

/**
 * Looks at a set as far as that is cheap: the manifest as a whole, the listing, restore.sh. A set that does not exist is
 * a Failure; one that is not what it says it is gives findings.
 */
export async function checkSet(
  store: ObjectStore,
  address: SetAddress,
  findings: Findings,
  signal?: AbortSignal,
): Promise<CheckedSet> {
  const notes: string[] = []
  let manifest: Manifest | undefined
  try {
    manifest = await readManifest(store, address, signal)
  } catch (error) {
    if (!isDamage(error)) throw error
    findings.add(manifestFile, error.message)
  }
  const bytes = await readObject(store, setPrefix(address) + manifestFile, signal)
  const manifestSha256 = createHash('sha256').update(bytes).digest('hex')
  if (manifest === undefined) return { manifest, manifestSha256, notes }
  refuseChanged(manifest, bytes, address)
  checkConsistency(manifest, findings)
  for (const { file, problem } of await findObjectProblems(store, address, manifest, signal)) findings.add(file, problem)
  await checkScript(store, address, manifest, { findings, notes }, signal)
  return { manifest, manifestSha256, notes }
}

/** The restore script follows from the manifest, so one by this version can be told from a changed one. */
async function checkScript(
  store: ObjectStore,
  address: SetAddress,
  manifest: Manifest,
  { findings, notes }: { findings: Findings; notes: string[] },
  signal?: AbortSignal,
): Promise<void> {
  const key = setPrefix(address) + restoreScriptFile
  if ((await store.head(key, signal)) === undefined) {
    findings.add(restoreScriptFile, 'is missing')
  } else if (manifest.ballast !== ballastVersion) {
    notes.push(`${restoreScriptFile} was written by Ballast ${manifest.ballast} and was not compared`)
  } else if ((await readObject(store, key, signal)).toString('utf8') !== restoreScript(manifest)) {
    findings.add(restoreScriptFile, 'is not the script that belongs to the manifest')
  }
}

/** The evidence names the manifest by its hash: it must be the one that was read. */
function refuseChanged(manifest: Manifest, bytes: Uint8Array, { set }: SetAddress): void {
  if (JSON.stringify(parseManifest(bytes, set)) === JSON.stringify(manifest)) return
  throw new Failure('the manifest changed while it was read', {
    kind: 'transient',
    subject: set,
    hint: 'Find out who writes to the set; a set is never changed once it exists. Then verify again.',
  })
}
