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

const common = {
  set: z.string(),
  cluster: z.string(),
  database: z.string(),
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
}

const whole = z.strictObject({ format: z.literal(1), ...common, verdict: z.enum(['equal', 'different']) })

/** Tables whose digests were last compared at the same time, by their places in the manifest's list: `0-39,57`. */
const age = z.strictObject({
  /** When the verification began that compared them; of those never compared, when one first met them. */
  since: z.iso.datetime(),
  compared: z.boolean(),
  tables: z.string(),
})

const sampled = z.strictObject({
  format: z.literal(2),
  ...common,
  verdict: z.literal('sampled'),
  digests: z.strictObject({
    /** Compared by digest in this verification; of all others the number of rows was compared. */
    tables: count,
    ofTables: count,
    /** COPY text of those tables. */
    rawBytes: count,
    ofRawBytes: count,
    /** Of every table of the set. Those that this verification compared are as old as itself. */
    ages: z.array(age),
  }),
})

/** Format 2 is of a verification that compared the digests of some tables alone: no reader of format 1 may take it for all. */
export const evidenceSchema = z.discriminatedUnion('format', [whole, sampled])

/** The proof of one verification, stored beside the set. */
export type Evidence = z.infer<typeof evidenceSchema>
/** What of the rows a verification compared that did not compare all. */
export type SampledDigests = z.infer<typeof sampled>['digests']
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
