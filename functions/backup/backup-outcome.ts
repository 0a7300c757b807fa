import type { Manifest } from '../archive/manifest.ts'
import type { Outcome } from '../platform/outcome.ts'

/** What a backup did. */
export function backupOutcome({ summary, omitted, warnings, secondsByPhase }: Manifest, seconds: number): Outcome {
  const { cluster, database, set, tables, rows, rawBytes, storedBytes } = summary
  return {
    operation: 'backup',
    subject: `${cluster}/${database}`,
    ok: true,
    numbers: { set, tables, rows, rawBytes, storedBytes, seconds },
    details: { summary, omitted, warnings, secondsByPhase },
  }
}
