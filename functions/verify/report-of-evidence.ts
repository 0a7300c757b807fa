import { digestShareOf } from '../archive/digest-ages.ts'
import { type Evidence, parseEvidence } from '../archive/evidence.ts'
import { evidenceVerdict, type SetAddress, setPrefix } from '../archive/keys.ts'
import { listFiles, readObject } from '../archive/read-set.ts'
import type { ObjectStore } from '../platform/object-store/store.ts'
import { nothingCompared, type VerifyReport } from './report.ts'

/** The report of a verification whose evidence is stored, found by when it began; undefined when there is none. */
export async function findReport(
  store: ObjectStore,
  address: SetAddress,
  startedMs: number,
  signal: AbortSignal,
): Promise<VerifyReport | undefined> {
  const files = [...(await listFiles(store, address, signal)).keys()].filter((file) => evidenceVerdict(file) !== undefined)
  for (const file of files.sort().toReversed()) {
    const key = setPrefix(address) + file
    const evidence = parseEvidence(await readObject(store, key, signal))
    if (evidence !== undefined && Date.parse(evidence.startedAt) === startedMs) return reportOf(address, evidence, key)
  }
  return undefined
}

function reportOf(address: SetAddress, evidence: Evidence, key: string): VerifyReport {
  const { verdict, findings, findingsTotal, notes, compared, restoredInto, secondsByPhase } = evidence
  return {
    ...{
      address,
      equal: verdict !== 'different',
      findings,
      findingsTotal,
      notChecked: [],
      notes,
      secondsByPhase,
      evidence: key,
    },
    compared: { ...nothingCompared, ...compared },
    ...(restoredInto === undefined ? {} : { restoredInto }),
    ...(evidence.format === 2 ? { sampled: digestShareOf(evidence.digests) } : {}),
  }
}
