import { z } from 'zod'
import { parseDocument, serializeDocument } from '../../platform/small-document.ts'

const instantMs = z.number().int().nonnegative()

const schema = z.strictObject({
  format: z.literal(1),
  state: z.enum(['held', 'released']),
  /** A random token: the run that holds it, and nobody else, knows it for its own. */
  holder: z.string().min(1).max(100),
  /** The line of the backup schedule, for backups. */
  slot: z.string().max(100).optional(),
  /** The schedule's instant that the holder's run is for. */
  dueMs: instantMs,
  /** Host and process, for people. */
  by: z.string().max(300),
  acquiredMs: instantMs,
  /** By the holder's clock, and for people: whether it is over is decided by watching. */
  expiresMs: instantMs,
  /** How long the holder may be silent. */
  lifeMs: z.number().int().min(1).max(3_600_000),
  /** Counted, so that two renewals never have the same bytes. */
  renewals: z.number().int().nonnegative(),
})

/** The state of a lease, as its object holds it. */
export type LeaseRecord = z.infer<typeof schema>

export function serializeLease(record: LeaseRecord): Uint8Array {
  return serializeDocument(record)
}

/** @throws Failure `permanent` for what is no lease of this version. */
export function parseLease(bytes: Uint8Array, key: string): LeaseRecord {
  return parseDocument(schema, bytes, {
    ...{ message: 'the lease of this work cannot be read', subject: key, code: 'BadLease' },
    hint: 'Make sure that no run of this kind is at work, then delete this object; it is made anew. A newer Ballast may have written it.',
  })
}
