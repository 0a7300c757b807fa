import { digestShareText } from '../archive/digest-share.ts'
import type { Outcome } from '../platform/outcome.ts'
import type { VerifyReport } from './report.ts'

/**
 * What a verification found: well only when every comparison ran and nothing differed.
 *
 * @param others where else the set lies, as a sentence for the hint.
 */
export function verifyOutcome(report: VerifyReport, seconds: number, others?: string): Outcome {
  const { address, equal, sampled, findings, findingsTotal, notChecked, notes, compared, secondsByPhase, evidence } = report
  const { tables, digestTables, rows, rawBytes, indexes, sequences } = compared
  return {
    operation: 'verify',
    subject: `${address.cluster}/${address.database}`,
    ok: equal,
    ...(equal
      ? {}
      : {
          failure: { kind: 'unwell', message: problemText(report), hint: [hintFor(report), others].filter(Boolean).join(' ') },
        }),
    numbers: {
      ...{ set: address.set, ...(sampled === undefined ? {} : { proven: `equal; ${digestShareText(sampled)}` }) },
      ...{ tables, digestTables, rows, rawBytes, indexes, sequences, findings: findingsTotal, seconds },
    },
    details: {
      ...{ findings, notChecked, notes, compared, secondsByPhase },
      ...(sampled === undefined ? {} : { sampled }),
      ...(evidence === undefined ? {} : { evidence }),
    },
  }
}

/** What is wrong, in one line. */
export function problemText({ address, findings, findingsTotal, notChecked }: VerifyReport): string {
  const [first] = findings
  if (first === undefined) return `the set ${address.set} is not proven: ${notChecked[0] ?? 'something was not compared'}`
  const more = findingsTotal > 1 ? ` and ${findingsTotal - 1} more` : ''
  return `the set ${address.set} is not what was backed up: ${first.subject} ${first.problem}${more}`
}

function hintFor({ findings }: VerifyReport): string {
  return findings.length === 0
    ? 'Cure what kept it from being compared, then verify again; until then the set counts as unverified.'
    : 'Do not rely on this set: take a new backup now, keep this one for analysis, and restore from `latest-verified`.'
}
