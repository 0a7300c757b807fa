import { Failure } from '../platform/failure.ts'
import type { ObjectStore } from '../platform/object-store/store.ts'
import type { LatestEvidence } from './catalogue-evidence.ts'
import { type ScannedSet, type SetFilter, scanSets } from './catalogue-scan.ts'
import { mapConcurrently } from './concurrent-map.ts'
import { manifestFile, type SetAddress, setPrefix } from './keys.ts'
import { type ManifestSummary, parseManifest, parseSummary } from './manifest.ts'

/** A set that exists, with what its manifest says of it. */
export interface CompleteSet {
  state: 'complete'
  address: SetAddress
  /** When its manifest was stored, by the store's clock; milliseconds since the epoch. */
  publishedMs: number
  summary: ManifestSummary
  /** Absent as long as nobody verified it. */
  verified?: LatestEvidence
  /** File of the last verification that found no difference. */
  proofFile?: string
  /**
   * Of a copy: when every object of it was last read back and found equal to its source, in milliseconds since the epoch.
   * Absent where the backup itself lies, and as long as the objects are merely there.
   */
  comparedMs?: number
}

/** A set that has a manifest and cannot be used as it is. */
export interface DamagedSet {
  state: 'damaged'
  address: SetAddress
  /** As of a complete set. */
  publishedMs: number
  /** What is wrong, in words. */
  reason: string
}

/** What a run left behind that did not come to its end: no manifest, so no backup; or a run that is still at work. */
export interface IncompleteSet {
  state: 'incomplete'
  address: SetAddress
  objects: number
  bytes: number
  /** Of the youngest object, by the store's clock, in milliseconds since the epoch. */
  modifiedMs: number
}

export type ListedSet = CompleteSet | DamagedSet | IncompleteSet

/** Reads exactly that many bytes from the start of an object; fails as `read` of the store does. */
export type ReadStart = (key: string, length: number, signal?: AbortSignal) => Promise<Uint8Array>

export interface ListSetsOptions {
  /** A quicker way to many small reads, where there is one. */
  readStart?: ReadStart
  /** Manifests read at the same time. */
  concurrency?: number
  signal?: AbortSignal
}

const defaultConcurrency = 64
const summaryBytes = 4096
// A reason may need the whole manifest; beyond this it is not worth the memory.
const wholeManifestBytes = 16 * 1024 * 1024

/** Every set under the filter, in the order of the keys: by cluster, database and the time in the name. */
export async function listSets(store: ObjectStore, filter: SetFilter, options: ListSetsOptions = {}): Promise<ListedSet[]> {
  return await describeSets(store, scanSets(store, filter, options.signal), options)
}

/** As {@link listSets}, of sets whose keys are known already. */
export async function describeSets(
  store: ObjectStore,
  scanned: AsyncIterable<ScannedSet> | Iterable<ScannedSet>,
  options: ListSetsOptions = {},
): Promise<ListedSet[]> {
  const { readStart = startOf(store), concurrency = defaultConcurrency, signal } = options
  return await mapConcurrently(scanned, concurrency, (set) => describeSet(readStart, set, signal))
}

/** Reads what the keys cannot say. A set whose manifest cannot be understood is damaged; a store that cannot be read throws. */
export async function describeSet(readStart: ReadStart, set: ScannedSet, signal?: AbortSignal): Promise<ListedSet> {
  const { address, objects, bytes, modifiedMs, manifest, evidence, proofFile, comparedMs } = set
  if (manifest === undefined) return { state: 'incomplete', address, objects, bytes, modifiedMs }
  const publishedMs = manifest.modifiedMs
  const summary = await readSummary(readStart, address, manifest.bytes, signal)
  if (summary instanceof Failure) return { state: 'damaged', address, publishedMs, reason: summary.message }
  const reason = contradiction(set, summary)
  if (reason !== undefined) return { state: 'damaged', address, publishedMs, reason }
  return {
    ...{ state: 'complete', address, publishedMs, summary },
    ...(evidence === undefined ? {} : { verified: evidence }),
    ...(proofFile === undefined ? {} : { proofFile }),
    ...(comparedMs === undefined ? {} : { comparedMs }),
  }
}

/** What in the listing contradicts the manifest, in words. Sizes alone: equal sizes prove nothing, which is what verify is for. */
function contradiction({ address, contentBytes }: ScannedSet, summary: ManifestSummary): string | undefined {
  const { cluster, database, set, storedBytes } = summary
  if (set !== address.set || cluster !== address.cluster || database !== address.database) {
    return `its manifest is that of ${cluster}/${database}/${set}`
  }
  if (contentBytes === storedBytes) return undefined
  const difference = Math.abs(contentBytes - storedBytes)
  return `its objects are ${difference} bytes ${contentBytes < storedBytes ? 'smaller' : 'larger'} than its manifest says`
}

/** The summary from the manifest's first bytes; the whole of it only when they do not hold one. */
async function readSummary(
  readStart: ReadStart,
  address: SetAddress,
  bytes: number,
  signal: AbortSignal | undefined,
): Promise<ManifestSummary | Failure> {
  const key = setPrefix(address) + manifestFile
  try {
    const start = await readStart(key, Math.min(bytes, summaryBytes), signal)
    const summary = parseSummary(start)
    if (summary !== undefined) return summary
    if (bytes > wholeManifestBytes) return noSummary(address.set)
    const whole = bytes <= summaryBytes ? start : await readStart(key, bytes, signal)
    return parseManifest(whole, address.set).summary
  } catch (error) {
    // Deleted since it was listed, shorter than listed, or not understood: said of this set. Anything else is the store's.
    const ofThisSet = error instanceof Failure && error.kind === 'permanent' && damages.has(error.code)
    if (ofThisSet) return error
    throw error
  }
}

const damages: ReadonlySet<string | undefined> = new Set([undefined, 'DAMAGED', 'NoSuchKey', 'InvalidRange'])

function noSummary(set: string): Failure {
  return new Failure('its manifest does not begin with a summary', {
    kind: 'permanent',
    subject: set,
    hint: 'Use another set or another copy of this one; `ballast list` shows them.',
  })
}

function startOf(store: ObjectStore): ReadStart {
  return async (key, length, signal) => {
    const parts: Uint8Array[] = []
    for await (const part of store.read(key, { offset: 0, length, ...(signal && { signal }) })) parts.push(part)
    return Buffer.concat(parts)
  }
}
