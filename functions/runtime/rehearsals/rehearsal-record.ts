import { z } from 'zod'
import { rehearsals } from '../../../config/rehearsals.ts'
import { longestName, longestNote } from './lengths.ts'

const recordSchema = z.strictObject({
  format: z.literal(1),
  cluster: z.string(),
  rehearsal: z.enum(rehearsals),
  /** `scheduled`: nobody has done it yet, and from here on it is asked for. */
  result: z.enum(['passed', 'failed', 'scheduled']),
  at: z.iso.datetime(),
  /** Who did it. */
  by: z.string().min(1).max(longestName),
  /** What was done, and what was found: how long it took, from which copy. */
  note: z.string().max(longestNote),
  /** Version of Ballast. */
  ballast: z.string(),
})

/** The record of one rehearsal. */
export type RehearsalRecord = z.infer<typeof recordSchema>

/** The bytes of a record. */
export function serializeRehearsal(record: RehearsalRecord): Uint8Array {
  return Buffer.from(`${JSON.stringify(recordSchema.parse(record), undefined, 1)}\n`)
}

/** Reads a record; undefined for anything else. */
export function parseRehearsal(bytes: Uint8Array): RehearsalRecord | undefined {
  try {
    return recordSchema.parse(JSON.parse(Buffer.from(bytes).toString('utf8')))
  } catch {
    return undefined
  }
}
