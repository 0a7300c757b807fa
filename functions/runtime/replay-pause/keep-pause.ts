import { replayPauseKey } from '../../archive/keys.ts'
import { changeSmall } from '../../platform/object-store/change-small.ts'
import type { ObjectStore } from '../../platform/object-store/store.ts'
import { parsePause, type ReplayPause, serializePause } from './record.ts'

/** What is far too large to be ours cannot be read, like anything else that is not. */
const noBytes = new Uint8Array()

/** Where a cluster's pause is kept: the store that backups go to. */
export interface PausePlace {
  store: ObjectStore
  cluster: string
  signal: AbortSignal
}

/** What is known of it; undefined where replay was never paused. */
export async function readPause({ store, cluster, signal }: PausePlace): Promise<ReplayPause | undefined> {
  const key = replayPauseKey(cluster)
  const found = await store.readSmall(key, signal)
  return found && parsePause(found.bytes, key)
}

/**
 * Changes it by one conditional write.
 *
 * @param change what it becomes; the same object where it stays as it is.
 * @returns what it is then.
 */
export async function changePause<T extends ReplayPause | undefined>(
  { store, cluster, signal }: PausePlace,
  change: (known: ReplayPause | undefined) => T,
): Promise<T> {
  const key = replayPauseKey(cluster)
  return await changeSmall<T>({ store, key, signal }, 'the pause of replay', (content) => {
    const known = content === 'absent' ? undefined : parsePause(content === 'too large' ? noBytes : content, key)
    const next = change(known)
    return { ...(next === undefined || next === known ? {} : { bytes: serializePause(next) }), result: next }
  })
}
