import { parseEvidence } from '../archive/evidence.ts'
import { setPrefix } from '../archive/keys.ts'
import { readObject } from '../archive/read-set.ts'
import { conditionFailed } from '../platform/object-store/condition-failed.ts'
import { damagedSource, differentCopy } from './failures.ts'
import type { SetPair } from './send-file.ts'
import type { SourceSet } from './source-set.ts'

/**
 * Takes the verdicts of verifications along: those that the copy does not have yet. A verdict that speaks of another set is
 * none, and stops the copy: whoever put it there could put more.
 *
 * @returns how many were sent.
 */
export async function sendEvidence(pair: SetPair, set: SourceSet, there: ReadonlyMap<string, number>): Promise<number> {
  const { source, target, address, signal } = pair
  const missing = set.evidence.filter((file) => !there.has(file))
  for (const file of missing) {
    const key = setPrefix(address) + file
    const bytes = await readObject(source, key, signal)
    if (!speaksOf(set, bytes)) throw damagedSource(source, address, file, 'is not the evidence of a verification of this set')
    await putOnce(pair, key, bytes)
    if (!(await readObject(target, key, signal)).equals(bytes)) throw differentCopy(target, address, file)
  }
  return missing.length
}

/** Stores a small object where there is none yet; one that is there already stays. */
export async function putOnce({ target, signal }: SetPair, key: string, bytes: Uint8Array): Promise<void> {
  try {
    await target.put(key, bytes, { ifAbsent: true, contentType: 'application/json', ...(signal && { signal }) })
  } catch (error) {
    if (!conditionFailed(error)) throw error
  }
}

function speaksOf({ spokenOf }: SourceSet, bytes: Uint8Array): boolean {
  const evidence = parseEvidence(bytes)
  return evidence !== undefined && spokenOf.includes(evidence.manifestSha256)
}
