import { manifestFile, restoreScriptFile, type SetAddress, setPrefix } from '../archive/keys.ts'
import { type Manifest, serializeManifest } from '../archive/manifest.ts'
import { restoreScript } from '../archive/restore-script.ts'
import { throwIfAborted } from '../platform/abort.ts'
import type { ObjectStore } from '../platform/object-store/store.ts'

/**
 * Makes the set exist: restore.sh, then the manifest, only if no other run has published under this name. Both are
 * complete in memory first, so nothing can fail half-way between deciding and storing. Once the manifest is on its way it
 * is not called back: a run that said it was stopped while its set exists would be a lie.
 */
export async function publish(
  manifest: Manifest,
  address: SetAddress,
  store: ObjectStore,
  signal?: AbortSignal,
): Promise<void> {
  const ifAbsent = true
  const prefix = setPrefix(address)
  await store.put(prefix + restoreScriptFile, Buffer.from(restoreScript(manifest)), { ifAbsent, ...(signal && { signal }) })
  throwIfAborted(signal, prefix + manifestFile)
  await store.put(prefix + manifestFile, serializeManifest(manifest), { ifAbsent, contentType: 'application/json' })
}
