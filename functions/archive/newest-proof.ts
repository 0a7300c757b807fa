import type { ObjectStore } from '../platform/object-store/store.ts'
import type { DigestAge } from './digest-ages.ts'
import { digestAges } from './digest-ages.ts'
import { parseEvidence } from './evidence.ts'
import { type SetAddress, setPrefix } from './keys.ts'
import type { ManifestTable } from './manifest.ts'
import { readManifest, readObject } from './read-set.ts'
import { parseSetName } from './set-name.ts'
import { isFromFuture } from './set-time.ts'

/** A verification that found no difference, and the set that it is of. */
export interface ProofAddress {
  address: SetAddress
  /** Of the evidence within the set. */
  file: string
}

/** A table as a verification met it, and how old its digest was after that. */
export interface AgedTable extends DigestAge {
  table: ManifestTable
}

/**
 * Among sets of one database, the last verification of the newest set that has one without a difference: it says when every
 * table was last compared. Verifying an older set by hand says nothing of the sets since.
 */
export function newestProof(
  sets: Iterable<{ address: SetAddress; proofFile?: string }>,
  nowMs: number,
): ProofAddress | undefined {
  const proven = [...sets].flatMap(({ address, proofFile }) => (proofFile === undefined ? [] : [{ address, file: proofFile }]))
  return newestByName(proven, nowMs)
}

/** Of these the set begun last, by the time in its name; one from the future tells of a wrong clock and does not count. */
export function newestByName<T extends { address: SetAddress }>(sets: readonly T[], nowMs: number): T | undefined {
  const begun = sets.flatMap((set) => {
    const { startedMs } = parseSetName(set.address.set) ?? {}
    return startedMs === undefined || isFromFuture(startedMs, nowMs) ? [] : [{ set, startedMs }]
  })
  return begun.toSorted((a, b) => b.startedMs - a.startedMs)[0]?.set
}

/** What a verification says of every table; undefined where its evidence cannot be understood, which then says nothing. */
export async function readAges(
  store: ObjectStore,
  { address, file }: ProofAddress,
  signal?: AbortSignal,
): Promise<AgedTable[] | undefined> {
  const evidence = parseEvidence(await readObject(store, setPrefix(address) + file, signal))
  if (evidence === undefined) return undefined
  const { tables } = await readManifest(store, address, signal)
  return digestAges(evidence, tables.length)?.map((age, place) => ({ ...age, table: tables[place] as ManifestTable }))
}
