import type { Evidence, SampledDigests } from '../archive/evidence.ts'
import { ballastVersion } from '../archive/version.ts'
import type { VerifyReport } from './report.ts'

/** What the evidence of a verification says beside its report. */
export interface EvidenceFacts {
  startedMs: number
  manifestSha256: string
  /** Where not all tables were compared by digest: which were, and when the others last. */
  digests?: SampledDigests
}

/** The evidence of a verification that found everything equal, or a difference. */
export function evidenceOf(report: VerifyReport, { startedMs, manifestSha256, digests }: EvidenceFacts): Evidence {
  const { address, equal, findings, findingsTotal, notes, compared, restoredInto, secondsByPhase, notChecked } = report
  const common = {
    ...address,
    startedAt: new Date(startedMs).toISOString(),
    finishedAt: new Date().toISOString(),
    ballast: ballastVersion,
    manifestSha256,
    ...(restoredInto === undefined ? {} : { restoredInto }),
    compared: { ...compared },
    findings,
    findingsTotal,
    notes: [...notes, ...notChecked.map((what) => `not checked: ${what}`)],
    secondsByPhase,
  }
  // What differs differs, however much was compared.
  if (!equal) return { format: 1, ...common, verdict: 'different' }
  return digests === undefined
    ? { format: 1, ...common, verdict: 'equal' }
    : { format: 2, ...common, verdict: 'sampled', digests }
}
