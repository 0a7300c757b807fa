import type { SetAddress } from '../archive/keys.ts'
import type { Outcome } from '../platform/outcome.ts'
import { type ChosenProof, proofDetails } from './chosen-proof.ts'
import type { RestoreResult } from './restore.ts'

/** What a restore did. @param proof what verification had said of the set, where somebody looked. */
export function restoreOutcome(address: SetAddress, result: RestoreResult, seconds: number, proof?: ChosenProof): Outcome {
  const { tables, rows, rawBytes, leftOut, secondsByPhase } = result
  return {
    operation: 'restore',
    subject: `${address.cluster}/${address.database}`,
    ok: true,
    numbers: { set: address.set, tables, rows, rawBytes, seconds },
    details: { leftOut, secondsByPhase, ...(proof && { verified: proofDetails(proof) }) },
  }
}
