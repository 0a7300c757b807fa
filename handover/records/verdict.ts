import type { DrillRecord } from './drill-record.ts'
import type { LoadRecord } from './load-record.ts'
import { isMet } from './measurement.ts'

export type RunRecord = DrillRecord | LoadRecord

/** `failed` is about what was tested, `not run` about a test that tells nothing. */
export type Verdict = 'passed' | 'failed' | 'not run'

/**
 * What a record proves. It passes when it is complete, has at least one measurement with a limit, meets every limit, found
 * nothing else, and has put back what it changed.
 */
export function verdictOf(record: RunRecord): Verdict {
  const verdicts = record.measurements.map(isMet)
  const isBad = verdicts.includes(false) || record.findings.length > 0 || (record.kind === 'drill' && !record.restored)
  if (isBad) return 'failed'
  return record.state === 'complete' && verdicts.includes(true) ? 'passed' : 'not run'
}
