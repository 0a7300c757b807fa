import { ballastVersion } from '../../archive/version.ts'
import { Failure } from '../../platform/failure.ts'
import { conditionFailed } from '../../platform/object-store/condition-failed.ts'
import type { ObjectStore } from '../../platform/object-store/store.ts'
import { rehearsalKey } from './rehearsal-keys.ts'
import { type RehearsalRecord, serializeRehearsal } from './rehearsal-record.ts'

/** What is filed. */
export type FiledRehearsal = Pick<RehearsalRecord, 'cluster' | 'rehearsal' | 'result' | 'by' | 'note'> & {
  /** Milliseconds since the epoch. */
  atMs: number
}

/**
 * Files the record of a rehearsal, and returns its key. A record is never replaced.
 *
 * @throws Failure of the store; with code `Busy` when there is one of the same second.
 */
export async function fileRehearsal(
  store: ObjectStore,
  { atMs, ...filed }: FiledRehearsal,
  signal?: AbortSignal,
): Promise<string> {
  const key = rehearsalKey(filed.cluster, { rehearsal: filed.rehearsal, atMs })
  const bytes = serializeRehearsal({ format: 1, ...filed, at: new Date(atMs).toISOString(), ballast: ballastVersion })
  try {
    await store.put(key, bytes, { ifAbsent: true, contentType: 'application/json', ...(signal && { signal }) })
  } catch (error) {
    if (!conditionFailed(error)) throw error
    throw new Failure('another record was filed within this second', {
      ...{ kind: 'transient', subject: `${store.location}/${key}`, code: 'Busy' },
      hint: 'Look at it; if it is not the same one, run the command again.',
      cause: error,
    })
  }
  return key
}
