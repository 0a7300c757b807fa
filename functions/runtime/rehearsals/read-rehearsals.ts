import type { Rehearsal } from '../../../config/rehearsals.ts'
import { drillsPrefix } from '../../archive/keys.ts'
import { isFromFuture } from '../../archive/set-time.ts'
import { Failure } from '../../platform/failure.ts'
import type { ObjectStore } from '../../platform/object-store/store.ts'
import { parseRehearsalKey } from './rehearsal-keys.ts'
import { parseRehearsal } from './rehearsal-record.ts'
import type { LastRehearsal } from './rehearsal-verdict.ts'

/**
 * The newest record of each rehearsal that has one; what a wrong clock filed under a time to come does not count before. Costs
 * one listing, and one small object for each.
 *
 * @throws Failure of the store, and for a newest record that is none.
 */
export async function readRehearsals(
  store: ObjectStore,
  cluster: string,
  nowMs: number,
  signal?: AbortSignal,
): Promise<Map<Rehearsal, LastRehearsal>> {
  const newest = new Map<Rehearsal, { key: string; atMs: number }>()
  for await (const page of store.list(drillsPrefix(cluster), signal === undefined ? {} : { signal })) {
    for (const { key } of page.objects) {
      const parsed = parseRehearsalKey(cluster, key)
      // Keys come in the order of their times.
      if (parsed !== undefined && !isFromFuture(parsed.atMs, nowMs)) newest.set(parsed.rehearsal, { key, atMs: parsed.atMs })
    }
  }
  const records = new Map<Rehearsal, LastRehearsal>()
  for (const [rehearsal, { key, atMs }] of newest) {
    records.set(rehearsal, { atMs, ...(await readRecord(store, key, rehearsal, signal)) })
  }
  return records
}

async function readRecord(
  store: ObjectStore,
  key: string,
  rehearsal: Rehearsal,
  signal: AbortSignal | undefined,
): Promise<Omit<LastRehearsal, 'atMs'>> {
  const found = await store.readSmall(key, signal)
  const record = found && parseRehearsal(found.bytes)
  if (record?.rehearsal === rehearsal) return { result: record.result, by: record.by, note: record.note }
  throw new Failure(`the newest record of a ${rehearsal} is not what Ballast writes`, {
    ...{ kind: 'permanent', subject: `${store.location}/${key}`, code: 'DAMAGED' },
    hint: `Find out who or what changed it, delete it, and file what was done again: \`ballast rehearse --record ${rehearsal}\`.`,
  })
}
