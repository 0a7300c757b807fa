import type { SetAddress } from '../archive/keys.ts'
import type { Outcome } from '../platform/outcome.ts'
import type { RestoreResult } from './restore.ts'

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
