import type { ListedSet } from '../archive/catalogue.ts'
import { fileTime } from '../archive/catalogue-evidence.ts'
import { evidenceVerdict } from '../archive/keys.ts'
import { newestProof, type ProofAddress, readAges } from '../archive/newest-proof.ts'
import { Failure } from '../platform/failure.ts'
import { type StoreChoice, storeSettings } from './definition/defined-store.ts'
import { withStore } from './with-store.ts'

/** Within how long the digest of every table is compared again. */
export interface EverythingWithin {
  seconds: number
  /** How long a verification may take: until it is over, what it was to compare is not late. */
  runSeconds: number
}

/** A table that was not compared by digest for too long. */
export interface LateTable {
  schema: string
  name: string
  /** Since it was last compared, or first met by a verification; milliseconds since the epoch. */
  sinceMs: number
}

/**
 * Which tables of a database, as its newest proven set has them, were not compared by digest for too long, the longest first;
 * or why that could not be learned.
 */
export type LateDigests = { set: string; tables: LateTable[] } | { problem: string }

/** How to look. */
export interface DigestLook {
  within: EverythingWithin
  nowMs: number
  env: NodeJS.ProcessEnv
  signal: AbortSignal
}

/** Looks at the sets of one database in one store. Undefined where the newest proof is of everything and young, and where there is none. */
export async function lateDigests(
  choice: StoreChoice,
  sets: readonly ListedSet[],
  { within, nowMs, env, signal }: DigestLook,
): Promise<LateDigests | undefined> {
  const newest = newestProof(
    sets.filter((set) => set.state === 'complete'),
    nowMs,
  )
  if (newest === undefined) return undefined
  const beforeMs = nowMs - (within.seconds + within.runSeconds) * 1000
  if (evidenceVerdict(newest.file)?.verdict === 'equal' && (fileTime(newest.file) ?? 0) >= beforeMs) return undefined
  try {
    const settings = await storeSettings(choice, env)
    return await withStore(settings, (store) => lateTables(store, newest, beforeMs, signal))
  } catch (error) {
    if (!(error instanceof Failure) || error.kind === 'bug' || error.code === 'Aborted') throw error
    return { problem: error.message }
  }
}

async function lateTables(
  store: Parameters<typeof readAges>[0],
  newest: ProofAddress,
  beforeMs: number,
  signal: AbortSignal,
): Promise<LateDigests> {
  const ages = await readAges(store, newest, signal)
  const { set } = newest.address
  if (ages === undefined) return { problem: `${newest.file} of ${set} cannot be understood` }
  const late = ages.filter(({ sinceMs }) => sinceMs < beforeMs).toSorted((a, b) => a.sinceMs - b.sinceMs)
  return { set, tables: late.map(({ table: { schema, name }, sinceMs }) => ({ schema, name, sinceMs })) }
}
