import { runStateKey, type SetAddress } from '../../archive/keys.ts'
import type { ManifestSummary } from '../../archive/manifest.ts'
import type { ObjectStore } from '../../platform/object-store/store.ts'
import { estimateTime } from '../time-estimate.ts'
import type { ScaleRates } from './rates.ts'

/** How fast sets were made, by the best of the newest of them, as the estimate of a backup goes by. */
export interface MeasuredRates extends Pick<ScaleRates, 'copyBytesPerSecond' | 'storedShare'> {
  /** How many connections made the set that was fastest. */
  connections: number
  /** How many sets were looked at. */
  sets: number
}

/** How many connections copy: of a backup that one process makes, and of one that is fanned out. */
export interface CopyConnections {
  one: number
  fannedOut: number
}

/**
 * Rates of one connection; of sets that one process made where there are any, otherwise of fanned-out ones. Undefined where there is
 * nothing to go by.
 *
 * @param sets of one database, newest first.
 */
export function measureRates(
  sets: readonly ManifestSummary[],
  fannedOut: ReadonlySet<string>,
  { one, fannedOut: many }: CopyConnections,
): MeasuredRates | undefined {
  const ofOne = sets.filter(({ set }) => !fannedOut.has(set))
  const [measured, connections] = ofOne.length > 0 ? [ofOne, one] : [sets, many]
  const estimate = estimateTime(sets, 0, measured)
  const [newest] = sets
  if (estimate === undefined || newest === undefined) return undefined
  const storedShare = newest.storedBytes / newest.rawBytes
  return { copyBytesPerSecond: estimate.bytesPerSecond / connections, storedShare, connections, sets: measured.length }
}

/** Which of these sets were fanned out: the state of such a run stays as long as its set. */
export async function findFannedOut(
  store: ObjectStore,
  place: Pick<SetAddress, 'cluster' | 'database'>,
  sets: readonly ManifestSummary[],
  signal?: AbortSignal,
): Promise<Set<string>> {
  const found = new Set<string>()
  for (const { set } of sets) if ((await store.head(runStateKey({ ...place, set }), signal)) !== undefined) found.add(set)
  return found
}
