import type { ObjectInfo, ObjectStore } from '../platform/object-store/store.ts'
import { type LatestEvidence, laterComparison, laterEvidence, laterProof } from './catalogue-evidence.ts'
import { databasePrefix, globalsFile, manifestFile, parseKey, type SetAddress, schemaFile, setPrefix } from './keys.ts'

/** Which sets to look at; all of a store without either. */
export interface SetFilter {
  cluster?: string
  database?: string
}

/** What the keys alone say about one set. */
export interface ScannedSet {
  address: SetAddress
  objects: number
  bytes: number
  /** Bytes of what the manifest's summary counts: schema.dump, globals.sql and the units. */
  contentBytes: number
  /** Of the youngest object, by the store's clock, in milliseconds since the epoch. */
  modifiedMs: number
  /** The manifest's size, and its time by the store's clock; absent as long as there is none, and so no backup. */
  manifest?: { bytes: number; modifiedMs: number }
  evidence?: LatestEvidence
  /** File of the last verification that found no difference. */
  proofFile?: string
  /** When this copy was last read back and compared with its source; milliseconds since the epoch. */
  comparedMs?: number
}

/**
 * The sets under the filter, from one pass over the keys. The keys of one set follow each other in a listing, so only one
 * set is held at a time. Keys that are not Ballast's are passed over.
 */
export async function* scanSets(store: ObjectStore, filter: SetFilter, signal?: AbortSignal): AsyncGenerator<ScannedSet> {
  let current: ScannedSet | undefined
  let prefix = ''
  for await (const page of store.list(listPrefix(filter), signal === undefined ? {} : { signal })) {
    for (const object of page.objects) {
      if (current === undefined || !object.key.startsWith(prefix)) {
        if (current !== undefined) yield current
        current = firstOf(object.key, filter)
        if (current === undefined) continue
        prefix = setPrefix(current.address)
      }
      addObject(current, object.key.slice(prefix.length), object)
    }
  }
  if (current !== undefined) yield current
}

/** The longest key prefix that all sets of the filter share. */
export function listPrefix({ cluster, database }: SetFilter): string {
  if (cluster === undefined) return ''
  return database === undefined ? databasePrefix(cluster, '').slice(0, -1) : databasePrefix(cluster, database)
}

/** The set that a key belongs to when the filter lets it through; undefined for a key that Ballast did not make. */
export function setOfKey(key: string, filter: SetFilter): SetAddress | undefined {
  const parsed = parseKey(key)
  if (parsed === undefined) return undefined
  const { cluster, database, set } = parsed
  if ((filter.cluster ?? cluster) !== cluster || (filter.database ?? database) !== database) return undefined
  // Another spelling of the same names (%73 for s) is not ours: what is done to the set would hit other keys.
  return key.startsWith(setPrefix(parsed)) ? { cluster, database, set } : undefined
}

function isContent(file: string): boolean {
  const name = file.replace(/\.age$/, '')
  return name === schemaFile || name === globalsFile || file.startsWith('data/')
}

function firstOf(key: string, filter: SetFilter): ScannedSet | undefined {
  const address = setOfKey(key, filter)
  return address && { address, objects: 0, bytes: 0, contentBytes: 0, modifiedMs: 0 }
}

function addObject(set: ScannedSet, file: string, object: ObjectInfo): void {
  set.objects += 1
  set.bytes += object.bytes
  set.modifiedMs = Math.max(set.modifiedMs, object.modifiedMs)
  if (file === manifestFile) set.manifest = { bytes: object.bytes, modifiedMs: object.modifiedMs }
  if (isContent(file)) set.contentBytes += object.bytes
  const evidence = laterEvidence(set.evidence, file)
  if (evidence !== undefined) set.evidence = evidence
  const proofFile = laterProof(set.proofFile, file)
  if (proofFile !== undefined) set.proofFile = proofFile
  const comparedMs = laterComparison(set.comparedMs, file)
  if (comparedMs !== undefined) set.comparedMs = comparedMs
}
