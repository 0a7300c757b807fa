import type { SetAddress } from '../../functions/archive/keys.ts'
import type { Outcome } from '../../functions/platform/outcome.ts'
import type { RestoreResult } from '../../functions/restore/restore.ts'

/** What a restore did. */
export function restoreOutcome(address: SetAddress, result: RestoreResult, seconds: number): Outcome {
  const { tables, rows, rawBytes, leftOut, secondsByPhase } = result
  return {
    operation: 'restore',
    subject: `${address.cluster}/${address.database}`,
    ok: true,
    numbers: { set: address.set, tables, rows, rawBytes, seconds },
    details: { leftOut, secondsByPhase },
  }
}
