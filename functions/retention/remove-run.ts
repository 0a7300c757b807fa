import { manifestFile, runPrefix, runStateKey, type SetAddress, setPrefix, slotKey } from '../archive/keys.ts'
import { parseManifest } from '../archive/manifest.ts'
import { readObject } from '../archive/read-set.ts'
import { parseState } from '../archive/run-state.ts'
import { parseSetName } from '../archive/set-name.ts'
import { Failure } from '../platform/failure.ts'
import type { ObjectStore } from '../platform/object-store/store.ts'
import { deleteKeys, setContent } from './delete-set.ts'

/** What a run that was given up had stored. */
export interface RemovedRun {
  removedObjects: number
  removedBytes: number
}

/**
 * Removes what a fanned-out run stored that was given up; its state stays, so that a step which comes late knows. Refuses whatever
 * is a backup, may yet become one, or is not known to be given up.
 *
 * @throws Failure `permanent` with code `NotRemovable`.
 */
export async function removeRun(store: ObjectStore, address: SetAddress, signal?: AbortSignal): Promise<RemovedRun> {
  const state = await store.readSmall(runStateKey(address), signal)
  if (state === undefined) throw notRemovable(address, 'there is no such run')
  const { state: now, removable } = parseState(state.bytes, runStateKey(address))
  if (now !== 'aborted' || removable !== true) throw notRemovable(address, `the run is ${now}, and was not given up`)
  if (await isDecidedFor(store, address, signal)) throw notRemovable(address, 'it was decided that the set is that of its slot')
  const { keys, bytes } = await setContent(store, address, signal)
  if (keys.includes(setPrefix(address) + manifestFile)) throw notRemovable(address, 'the set is published')
  await deleteKeys(store, keys, signal)
  const documents: string[] = []
  for await (const page of store.list(runPrefix(address), signal === undefined ? {} : { signal })) {
    documents.push(...page.objects.map(({ key }) => key))
  }
  await deleteKeys(
    store,
    documents.filter((key) => key !== runStateKey(address)),
    signal,
  )
  return { removedObjects: keys.length, removedBytes: bytes }
}

/** Whether anybody may publish the set at any time. */
async function isDecidedFor(store: ObjectStore, address: SetAddress, signal: AbortSignal | undefined): Promise<boolean> {
  const run = parseSetName(address.set)?.run
  if (run === undefined) return false
  const key = slotKey(address, run)
  if ((await store.head(key, signal)) === undefined) return false
  return parseManifest(await readObject(store, key, signal), key).summary.set === address.set
}

function notRemovable({ database, set }: SetAddress, why: string): Failure {
  return new Failure(`what the run ${set} of ${database} stored is not removed: ${why}`, {
    ...{ kind: 'permanent', subject: `run ${set}`, code: 'NotRemovable' },
    hint: 'Nothing: `ballast prune` removes what runs left that have been silent for long enough.',
  })
}
