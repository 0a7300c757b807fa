import { ballastVersion } from '../../archive/version.ts'
import { Failure } from '../../platform/failure.ts'
import { conditionFailed } from '../../platform/object-store/condition-failed.ts'
import type { ObjectStore } from '../../platform/object-store/store.ts'
import { rehearsalFileKey, rehearsalKey } from './rehearsal-keys.ts'
import { type RehearsalRecord, serializeRehearsal } from './rehearsal-record.ts'

/** What is filed. */
export type FiledRehearsal = Pick<RehearsalRecord, 'cluster' | 'rehearsal' | 'result' | 'by' | 'note'> & {
  /** Milliseconds since the epoch. */
  atMs: number
}

/** What goes with a record, such as a page of its report. */
export interface RehearsalFile {
  name: string
  text: string
  contentType: string
}

/**
 * Files the record of a rehearsal, and returns its key. Neither it nor what goes with it is ever replaced. That is stored
 * first: a record is there only with all of it.
 *
 * @throws Failure of the store; with code `Busy` when there is one of the same second.
 */
export async function fileRehearsal(
  store: ObjectStore,
  { atMs, ...filed }: FiledRehearsal,
  signal?: AbortSignal,
  files: readonly RehearsalFile[] = [],
): Promise<string> {
  const when = { rehearsal: filed.rehearsal, atMs }
  const key = rehearsalKey(filed.cluster, when)
  const add = (at: string, bytes: Uint8Array, contentType: string): Promise<unknown> =>
    store.put(at, bytes, { ifAbsent: true, contentType, ...(signal && { signal }) })
  try {
    for (const { name, text, contentType } of files) {
      await add(rehearsalFileKey(filed.cluster, when, name), Buffer.from(text), contentType)
    }
    const record = { format: 1, ...filed, at: new Date(atMs).toISOString(), ballast: ballastVersion } as const
    await add(key, serializeRehearsal(record), 'application/json')
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
