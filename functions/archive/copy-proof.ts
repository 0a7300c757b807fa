import { z } from 'zod'

const count = z.number().int().nonnegative()

const copyProofSchema = z.strictObject({
  format: z.literal(1),
  set: z.string(),
  cluster: z.string(),
  database: z.string(),
  /** Where it was copied from, and where this copy lies. */
  from: z.string(),
  to: z.string(),
  startedAt: z.iso.datetime(),
  finishedAt: z.iso.datetime(),
  /** Version of Ballast. */
  ballast: z.string(),
  /** Of this copy's manifest.json. */
  manifestSha256: z.string().regex(/^[0-9a-f]{64}$/),
  /** What was read back from this copy and compared by SHA-256. */
  objects: count,
  bytes: count,
})

/** The proof that a copy was read back whole and found equal to its source, stored beside the copy. */
export type CopyProof = z.infer<typeof copyProofSchema>

/** The bytes of a proof. */
export function serializeCopyProof(proof: CopyProof): Uint8Array {
  return Buffer.from(`${JSON.stringify(copyProofSchema.parse(proof), undefined, 1)}\n`)
}
