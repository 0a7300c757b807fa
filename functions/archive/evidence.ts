import { z } from 'zod'

const count = z.number().int().nonnegative()

/** Differences that one evidence keeps; the total says how many there were. */
export const maxFindings = 100

const finding = z.strictObject({
  /** What differs: `table public.orders`, `data/000001.zst`, `role app`. */
  subject: z.string(),
  /** How, in words. */
  problem: z.string(),
  expected: z.string().optional(),
  actual: z.string().optional(),
})

export const evidenceSchema = z.strictObject({
  format: z.literal(1),
  set: z.string(),
  cluster: z.string(),
  database: z.string(),
  verdict: z.enum(['equal', 'different']),
  startedAt: z.iso.datetime(),
  finishedAt: z.iso.datetime(),
  /** Version of Ballast. */
  ballast: z.string(),
  /** Of manifest.json as it was read: which set this evidence speaks of. */
  manifestSha256: z.string().regex(/^[0-9a-f]{64}$/),
  /** Where the set was restored; absent when it was found damaged before. */
  restoredInto: z
    .strictObject({ kind: z.enum(['scratch', 'target']), serverVersion: z.string(), tools: z.string() })
    .optional(),
  /** How much of each thing was compared. */
  compared: z.record(z.string(), count),
  findings: z.array(finding).max(maxFindings),
  findingsTotal: count,
  /** What limits the meaning of the verdict, in words. */
  notes: z.array(z.string()),
  secondsByPhase: z.record(z.string(), z.number().nonnegative()),
})

/** The proof of one verification, stored beside the set. */
export type Evidence = z.infer<typeof evidenceSchema>
/** One difference between a set and what it says it is. */
export type Finding = z.infer<typeof finding>

/** The bytes of an evidence file. */
export function serializeEvidence(evidence: Evidence): Uint8Array {
  return Buffer.from(`${JSON.stringify(evidenceSchema.parse(evidence), undefined, 1)}\n`)
}

/** Reads an evidence file; undefined for anything else. */
export function parseEvidence(bytes: Uint8Array): Evidence | undefined {
  try {
    return evidenceSchema.parse(JSON.parse(Buffer.from(bytes).toString('utf8')))
  } catch {
    return undefined
  }
}
