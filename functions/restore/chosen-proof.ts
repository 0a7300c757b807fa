import type { LatestEvidence } from '../archive/catalogue-evidence.ts'
import type { FoundSet } from '../archive/catalogue-find.ts'
import type { DigestAge } from '../archive/digest-ages.ts'
import { digestShareText } from '../archive/digest-share.ts'
import { readAges } from '../archive/newest-proof.ts'
import { Failure } from '../platform/failure.ts'
import type { ObjectStore } from '../platform/object-store/store.ts'
import { formatMinute } from '../platform/quantities.ts'

/** What verification has said of a set that is about to be restored. */
export interface ChosenProof {
  verified: LatestEvidence
  /** Of one that was compared in part, when the digest of each table was last compared; absent where that cannot be learned. */
  ages?: readonly DigestAge[]
}

/** Undefined where nobody verified it, and of a set that was asked for by its name: then nobody has looked. */
export async function readChosenProof(
  store: ObjectStore,
  { address, verified, proofFile }: FoundSet,
  signal: AbortSignal,
): Promise<ChosenProof | undefined> {
  if (verified?.verdict !== 'sampled' || proofFile === undefined) return verified && { verified }
  // Whatever the evidence is worth, a restore that can go on must.
  const ages = await readAges(store, { address, file: proofFile }, signal).catch((error: unknown) => {
    if (!(error instanceof Failure) || error.kind === 'bug' || error.code === 'Aborted') throw error
    return undefined
  })
  return { verified, ...(ages && { ages }) }
}

/** For whoever is about to rely on a set that is not proven as a whole; undefined where it is. */
export function cautionText({ verified, ages }: ChosenProof, set: string): string | undefined {
  if (verified.verdict === 'sampled') {
    const proven = `${set} was verified in part: equal; ${digestShareText(verified.digests)}`
    return `${proven}; ${agesText(ages)}. To compare the rest: ballast verify ${set}`
  }
  if (verified.verdict === 'equal') return undefined
  return `verification found ${set} different from its source. To take the newest without a difference: latest-verified`
}

function agesText(ages: ChosenProof['ages']): string {
  if (ages === undefined) return 'when each table was last compared is not known'
  const { never, sinceMs } = summedUp(ages)
  const since = sinceMs === undefined ? [] : [`${never === 0 ? 'every table' : 'the others'} since ${formatMinute(sinceMs)}`]
  const untouched = never === 0 ? [] : [`${never} of ${ages.length} tables never`]
  return `compared by digest, in this set or an earlier one: ${[...untouched, ...since].join(', ')}`
}

function summedUp(ages: readonly DigestAge[]): { never: number; sinceMs?: number } {
  const compared = ages.filter((age) => age.compared)
  const sinceMs = compared.reduce<number | undefined>((least, age) => Math.min(least ?? age.sinceMs, age.sinceMs), undefined)
  return { never: ages.length - compared.length, ...(sinceMs === undefined ? {} : { sinceMs }) }
}

/** The same for programs. `comparedSince` is the oldest of the times at which tables were last compared, of those that ever were. */
export function proofDetails({ verified: { atMs, ...said }, ages }: ChosenProof): object {
  const sum = ages && summedUp(ages)
  return {
    ...{ ...said, at: new Date(atMs).toISOString() },
    ...(sum && { tablesNeverCompared: sum.never }),
    ...(sum?.sinceMs !== undefined && { comparedSince: new Date(sum.sinceMs).toISOString() }),
  }
}
