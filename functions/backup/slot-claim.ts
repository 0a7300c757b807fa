import { manifestFile, type SetAddress, setPrefix, slotKey } from '../archive/keys.ts'
import { parseManifest } from '../archive/manifest.ts'
import { findObjectProblems } from '../archive/read-set.ts'
import { findSlotSet } from '../archive/slot.ts'
import { Failure } from '../platform/failure.ts'
import { conditionFailed } from '../platform/object-store/condition-failed.ts'
import type { ObjectStore } from '../platform/object-store/store.ts'

type Place = Pick<SetAddress, 'cluster' | 'database'>

/** Code of the Failure of a run whose slot another run has done. */
export const slotDone = 'SlotDone'

/**
 * Decides that a set is the one of its slot, before its manifest makes it exist. The decision is an object that only the
 * first run can store, and it holds the manifest: whatever happens to that run afterwards, anybody can finish what was
 * decided, and nobody can decide otherwise.
 *
 * @param manifest the bytes of manifest.json; everything else of the set is stored already.
 * @throws Failure `permanent` with code `SlotDone` when another set was decided for.
 */
export async function claimSlot(store: ObjectStore, address: SetAddress, run: string, manifest: Uint8Array): Promise<void> {
  const key = slotKey(address, run)
  try {
    await store.put(key, manifest, { ifAbsent: true, contentType: 'application/json' })
  } catch (cause) {
    if (!conditionFailed(cause)) throw cause
    throw new Failure('another run has done this slot in the meantime', {
      ...{ kind: 'permanent', subject: key, code: slotDone },
      cause,
      hint: 'Nothing: the backup of this slot exists. What this run stored is no backup, and `ballast prune` removes it.',
    })
  }
}

/**
 * The published set of a slot; publishes it first where a run was killed between the decision and the manifest. Undefined
 * when nothing has been decided, so that the slot is to be done.
 *
 * @throws Failure `permanent` when the set that was decided for is not whole any more.
 */
export async function settleSlot(
  store: ObjectStore,
  place: Place,
  run: string,
  signal?: AbortSignal,
): Promise<{ address: SetAddress; finished: boolean } | undefined> {
  const published = await findSlotSet(store, place, run, signal)
  if (published !== undefined) return { address: published, finished: false }
  const decided = await readDecision(store, slotKey(place, run), signal)
  if (decided === undefined) return undefined
  const { manifest, bytes } = decided
  const { cluster, database, set } = manifest.summary
  const address = { cluster, database, set }
  const problems = await findObjectProblems(store, address, manifest, signal)
  if (problems.length > 0) throw notWhole(address, slotKey(place, run), problems[0])
  await store
    .put(setPrefix(address) + manifestFile, bytes, { ifAbsent: true, contentType: 'application/json' })
    .catch((error) => {
      // The run that decided was not dead after all.
      if (!conditionFailed(error)) throw error
    })
  return { address, finished: true }
}

async function readDecision(store: ObjectStore, key: string, signal: AbortSignal | undefined) {
  if ((await store.head(key, signal)) === undefined) return undefined
  const parts: Uint8Array[] = []
  for await (const part of store.read(key, signal === undefined ? {} : { signal })) parts.push(part)
  const bytes = Buffer.concat(parts)
  return { manifest: parseManifest(bytes, key), bytes }
}

function notWhole(address: SetAddress, key: string, problem: { file: string; problem: string } | undefined): Failure {
  return new Failure(
    `the set that was made for this slot was never published, and is not whole: ${problem?.file} ${problem?.problem}`,
    {
      ...{ kind: 'permanent', subject: setPrefix(address), code: 'DAMAGED' },
      hint: `Run \`ballast backup\` for a backup now, and find out who deletes from the store; ${key} keeps this slot closed.`,
    },
  )
}
