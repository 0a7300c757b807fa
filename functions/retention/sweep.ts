import { listPrefix, type ScannedSet, type SetFilter, scanSets, setOfKey } from '../archive/catalogue-scan.ts'
import { clusterOfOwnKey, manifestFile, type SetAddress, setPrefix } from '../archive/keys.ts'
import { throwIfAborted } from '../platform/abort.ts'
import { Failure } from '../platform/failure.ts'
import type { StoreSettings } from '../platform/object-store/settings.ts'
import type { ObjectStore, PendingUpload } from '../platform/object-store/store.ts'
import { deleteKeys, setContent } from './delete-set.ts'
import { planSweep, type SweepFindings, type SweepStep } from './sweep-plan.ts'
import { sweepRuns } from './sweep-runs.ts'
import { sweepSlots } from './sweep-slots.ts'

export interface SweepOptions {
  filter: SetFilter
  /** Things younger than this may belong to a run at work and are left alone. */
  olderThanSeconds: number
  /** Only say what would be done. */
  dryRun: boolean
  /** What a scan of the store found a moment ago; it is scanned where this is left out. */
  scanned?: readonly ScannedSet[]
  signal?: AbortSignal
}

/** What a sweep did, or would do. */
export interface SweepResult {
  steps: SweepStep[]
  removedSets: number
  removedObjects: number
  removedBytes: number
  /** Decisions on slots that nobody needs any more. */
  removedSlots: number
  /** Objects that the steps of fanned-out runs left. */
  removedRunObjects: number
  abortedUploads: number
  /** Sets of the plan that were left alone after all, because they had changed since. */
  spared: SetAddress[]
}

const maximumUploads = 1_000_000

/**
 * Refuses to look for leftovers in all of a bucket: with a wrong store it would look through somebody else's objects.
 *
 * @throws Failure of kind `config` without a prefix and without a cluster.
 */
export function refuseWholeBucket(settings: StoreSettings, { cluster }: SetFilter): void {
  const wholeStore = settings.type === 's3' ? settings.prefix === '' : settings.directory === '/'
  if (!wholeStore || cluster !== undefined) return
  throw new Failure('a sweep of a whole bucket is refused', {
    kind: 'config',
    subject: settings.type === 's3' ? `s3://${settings.bucket}` : settings.directory,
    hint: 'Name the prefix of the backups in --store s3://bucket/prefix, or the cluster with --cluster NAME.',
  })
}

/**
 * Removes what interrupted runs left: sets without a manifest, and unfinished uploads. A set with a manifest is never
 * touched. Everything is listed before the first deletion, and every set is looked at again just before its own.
 */
export async function sweep(store: ObjectStore, options: SweepOptions): Promise<SweepResult> {
  const { filter, olderThanSeconds, dryRun, signal } = options
  const { published, ...leftovers } = await findLeftovers(store, options)
  const steps = planSweep(leftovers, Date.now(), olderThanSeconds)
  const result: SweepResult = {
    steps,
    removedSets: 0,
    removedObjects: 0,
    removedBytes: 0,
    removedSlots: 0,
    removedRunObjects: 0,
    abortedUploads: 0,
    spared: [],
  }
  if (dryRun) return result
  result.removedSlots = await sweepSlots(store, filter, olderThanSeconds, signal)
  result.removedRunObjects = await sweepRuns(store, filter, { olderThanSeconds, published, ...(signal && { signal }) })
  for (const step of steps) {
    if (!step.remove) continue
    throwIfAborted(signal, store.location)
    if (step.type === 'upload') {
      await store.abortUpload(step.upload, signal)
      result.abortedUploads += 1
    } else await removeSet(store, step.address, result, options)
  }
  return result
}

/** What a sweep looks at, and the sets that are none of its business. */
type Found = SweepFindings & { published: SetAddress[] }

async function findLeftovers(store: ObjectStore, { filter, scanned, signal }: SweepOptions): Promise<Found> {
  const incomplete: ScannedSet[] = []
  const published: SetAddress[] = []
  for await (const set of scanned ?? scanSets(store, filter, signal)) {
    if (set.manifest === undefined) incomplete.push(set)
    else published.push(set.address)
  }
  const uploads: { upload: PendingUpload; address?: SetAddress }[] = []
  for await (const upload of store.pendingUploads(listPrefix(filter), signal)) {
    const address = setOfKey(upload.key, filter)
    if (address === undefined && !isOurs(upload.key, filter)) continue
    uploads.push({ upload, ...(address && { address }) })
    if (uploads.length > maximumUploads) throw tooMany(store)
  }
  return { incomplete, uploads, published }
}

/** Only a directory store has uploads without a key, and those are all ours; so are those of leases and the like. */
function isOurs(key: string, filter: SetFilter): boolean {
  if (key === '') return true
  const cluster = clusterOfOwnKey(key)
  return cluster !== undefined && filter.database === undefined && (filter.cluster ?? cluster) === cluster
}

/** Removes a set that still is what the plan saw: no manifest, and nothing written since. */
async function removeSet(store: ObjectStore, address: SetAddress, result: SweepResult, options: SweepOptions): Promise<void> {
  const { olderThanSeconds, signal } = options
  const { keys, bytes, youngestMs } = await setContent(store, address, signal)
  const published = keys.includes(setPrefix(address) + manifestFile)
  if (published || (Date.now() - youngestMs) / 1000 <= olderThanSeconds) {
    result.spared.push(address)
    return
  }
  await deleteKeys(store, keys, signal)
  result.removedSets += 1
  result.removedObjects += keys.length
  result.removedBytes += bytes
}

function tooMany(store: ObjectStore): Failure {
  return new Failure(`there are more than ${maximumUploads} unfinished uploads`, {
    kind: 'permanent',
    subject: store.location,
    hint: 'Give the bucket a lifecycle rule that aborts incomplete multipart uploads, wait for it, then sweep again.',
  })
}
