import { manifestFile, restoreScriptFile, type SetAddress, setPrefix } from '../archive/keys.ts'
import { type Manifest, serializeManifest } from '../archive/manifest.ts'
import { readObject } from '../archive/read-set.ts'
import { restoreScript } from '../archive/restore-script.ts'
import { throwIfAborted } from '../platform/abort.ts'
import { conditionFailed } from '../platform/object-store/condition-failed.ts'
import type { ObjectStore } from '../platform/object-store/store.ts'
import { claimSlot } from './slot-claim.ts'

export interface PublishOptions {
  /** The slot that the set is made for, as its name has it; no other set is ever published for it. */
  slotRun?: string | undefined
  signal?: AbortSignal | undefined
}

/**
 * Makes the set exist: restore.sh, then the manifest, only if no other run has published under this name. Both are
 * complete in memory first, so nothing can fail half-way between deciding and storing. Once the decision on the slot or the
 * manifest is on its way it is not called back: a run that said it was stopped while its set exists would be a lie.
 *
 * @throws Failure with code `SlotDone` when another run has published for the slot.
 */
export async function publish(
  manifest: Manifest,
  address: SetAddress,
  store: ObjectStore,
  { slotRun, signal }: PublishOptions = {},
): Promise<void> {
  const ifAbsent = true
  const prefix = setPrefix(address)
  const script = Buffer.from(restoreScript(manifest))
  await store.put(prefix + restoreScriptFile, script, { ifAbsent, ...(signal && { signal }) }).catch(async (error: unknown) => {
    // An earlier try of the same run may have come as far as this; another run's script is another one.
    if (!conditionFailed(error)) throw error
    if (!script.equals(await readObject(store, prefix + restoreScriptFile, signal))) throw error
  })
  throwIfAborted(signal, prefix + manifestFile)
  const bytes = serializeManifest(manifest)
  if (slotRun !== undefined) await claimSlot(store, address, slotRun, bytes)
  await store.put(prefix + manifestFile, bytes, { ifAbsent, contentType: 'application/json' })
}
