import { describeSets, type ListedSet, type ReadStart } from '../archive/catalogue.ts'
import { type LatestEvidence, laterEvidence } from '../archive/catalogue-evidence.ts'
import { type ScannedSet, type SetFilter, scanSets } from '../archive/catalogue-scan.ts'
import { databaseGroups } from '../archive/database-groups.ts'
import { manifestFile, type SetAddress, setPrefix } from '../archive/keys.ts'
import { parseSetName } from '../archive/set-name.ts'
import { startedMs } from '../archive/set-time.ts'
import { throwIfAborted } from '../platform/abort.ts'
import { Failure } from '../platform/failure.ts'
import type { ObjectStore } from '../platform/object-store/store.ts'
import { deleteKeys, setContent } from './delete-set.ts'
import type { RetentionPolicy } from './policy.ts'
import { isVerified, planRetention, type RetainedSet, type RetentionStep, type Standing } from './retention-plan.ts'

export interface PruneOptions {
  filter: SetFilter
  policy: RetentionPolicy
  /** Only say what would be done. */
  dryRun: boolean
  /** What a scan of the store found a moment ago; it is scanned where this is left out. */
  scanned?: readonly ScannedSet[]
  /** A quicker way to many small reads, where there is one. */
  readStart?: ReadStart
  signal?: AbortSignal
}

/** What became of a set: `locked` by the store until a later time, `spared` because it changed since it was listed. */
export interface PrunedSet extends RetentionStep {
  outcome: 'kept' | 'deleted' | 'planned' | 'locked' | 'spared'
  /** Of `locked`: when the lock ends, in milliseconds since the epoch; infinite for a legal hold. */
  lockedUntilMs?: number
}

export interface PruneResult {
  sets: PrunedSet[]
  deletedObjects: number
  deletedBytes: number
}

/** Of the newest verified sets of a database, before the first deletion. */
const lookedAtAgain = 10

/**
 * Deletes the published sets that a policy does not keep. Every page of the listing is read and the whole plan made before
 * the first deletion; before each one the set, and what the plan relies on in its place, are looked at again.
 */
export async function prune(store: ObjectStore, options: PruneOptions): Promise<PruneResult> {
  const { filter, policy, dryRun, scanned, readStart, signal } = options
  const reading = { ...(readStart && { readStart }), ...(signal && { signal }) }
  const listed = await describeSets(store, scanned ?? scanSets(store, filter, signal), reading)
  const steps = planRetention(listed.flatMap(retainedSet), policy, Date.now())
  const result: PruneResult = { sets: [], deletedObjects: 0, deletedBytes: 0 }
  if (!dryRun && steps.some(({ remove }) => remove)) await assertKept(store, steps, signal)
  for (const step of steps) {
    throwIfAborted(signal, store.location)
    if (!step.remove) result.sets.push({ ...step, outcome: 'kept' })
    else if (dryRun) result.sets.push({ ...step, outcome: 'planned' })
    else result.sets.push({ ...step, ...(await deleteSet(store, step, result, signal)) })
  }
  return result
}

/** What retention needs to know of a listed set; leftovers of interrupted runs are a sweep's matter. */
export function retainedSet(set: ListedSet): RetainedSet[] {
  if (set.state === 'incomplete') return []
  const { address, publishedMs } = set
  if (set.state === 'damaged') {
    return [{ address, publishedMs, standing: 'damaged', startedMs: parseSetName(address.set)?.startedMs ?? publishedMs }]
  }
  return [{ address, publishedMs, standing: standingOf(set.verified), startedMs: startedMs(set) }]
}

function standingOf(evidence: LatestEvidence | undefined): Standing {
  if (evidence === undefined) return 'unverified'
  return standings[evidence.verdict]
}

const standings: Record<LatestEvidence['verdict'], Standing> = {
  ...{ equal: 'verified', sampled: 'sampled', different: 'different' },
}

function latestEvidence(keys: readonly string[], address: SetAddress): LatestEvidence | undefined {
  const files = keys.map((key) => key.slice(setPrefix(address).length))
  return files.reduce<LatestEvidence | undefined>(laterEvidence, undefined)
}

/** The newest verified sets that the plan keeps must still be there: another prune may be at work. */
async function assertKept(store: ObjectStore, steps: readonly RetentionStep[], signal: AbortSignal | undefined): Promise<void> {
  const kept = steps.filter((step) => !step.remove && isVerified(step))
  for (const { cluster, database, items } of databaseGroups(kept, ({ address }) => address)) {
    const newest = items.toSorted((a, b) => b.startedMs - a.startedMs).slice(0, lookedAtAgain)
    for (const { address } of newest) {
      if ((await store.head(setPrefix(address) + manifestFile, signal)) !== undefined) continue
      throw new Failure(`set ${address.set} was deleted while retention was being planned`, {
        kind: 'transient',
        subject: `${cluster}/${database}`,
        hint: 'Another prune is at work on this store: let it end, then run again. Nothing was deleted.',
        code: 'CHANGED',
      })
    }
  }
}

/** The manifest goes first: whatever interrupts the rest leaves an incomplete set, never one that looks whole. */
async function deleteSet(
  store: ObjectStore,
  { address, publishedMs, standing }: RetentionStep,
  result: PruneResult,
  signal: AbortSignal | undefined,
): Promise<Pick<PrunedSet, 'outcome' | 'lockedUntilMs'>> {
  const manifest = setPrefix(address) + manifestFile
  const head = await store.head(manifest, signal)
  if (head === undefined || head.modifiedMs !== publishedMs) return { outcome: 'spared' }
  const { lockedUntilMs } = head
  if (lockedUntilMs !== undefined && lockedUntilMs > Date.now()) return { outcome: 'locked', lockedUntilMs }
  const content = await setContent(store, address, signal)
  if (standing !== 'damaged' && standingOf(latestEvidence(content.keys, address)) !== standing) return { outcome: 'spared' }
  await store.delete([manifest], signal)
  await deleteKeys(
    store,
    content.keys.filter((key) => key !== manifest),
    signal,
  )
  result.deletedObjects += content.keys.length
  result.deletedBytes += content.bytes
  return { outcome: 'deleted' }
}
