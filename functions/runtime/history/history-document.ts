import { z } from 'zod'
import { type DocumentOrFault, readDocument, serializeDocument } from '../../platform/small-document.ts'

const count = z.number().int().nonnegative()
const quantity = z.number().nonnegative()

/** Names of failed checks that one period keeps. */
export const mostFailedChecks = 4
/** Letters of such a name, and of a message. */
export const longestCheckName = 80
export const longestMessage = 300

/** `bad`: the run went well and what it checked is not; `failed`: the run itself did not come to its end. */
export const resultSchema = z.enum(['good', 'bad', 'failed'])

const tally = {
  polls: count,
  /** Absent means none. */
  badPolls: count.optional(),
  failedPolls: count.optional(),
  /** Of the standby that was furthest behind. */
  worstLagBytes: quantity.optional(),
  worstLagSeconds: quantity.optional(),
  failedChecks: z.array(z.string().max(longestCheckName)).max(mostFailedChecks).optional(),
}

/** Quarter hours that are kept in detail: a day of polls that come every minute. */
export const mostQuarters = 96

const lastRun = z.strictObject({
  atMs: count,
  result: resultSchema,
  /** Why it is not good. */
  message: z.string().max(longestMessage).optional(),
  lagBytes: quantity.optional(),
  lagSeconds: quantity.optional(),
  /** For how long replay of a replica had been paused for a backup. */
  replayPausedSeconds: quantity.optional(),
})

export const historyDocumentSchema = z.strictObject({
  format: z.literal(1),
  operation: z.string(),
  slot: z.string().optional(),
  /** UTC, as in `2026-11`. */
  month: z.string().regex(/^\d{4}-\d{2}$/),
  last: lastRun,
  lastGoodMs: count.optional(),
  /** The days of the month that had a run, sorted. */
  days: z.array(z.strictObject({ day: z.number().int().min(1).max(31), ...tally })).max(31),
  /** The newest quarter hours that had a run, sorted; counted from the start of the month. */
  quarters: z.array(z.strictObject({ quarter: z.number().int().min(0).max(2975), ...tally })).max(mostQuarters),
})

/** What one month knows of one operation, or of one slot of it. */
export type HistoryDocument = z.infer<typeof historyDocumentSchema>
export type RunResult = z.infer<typeof resultSchema>
/** The runs of one period, counted. */
export type Tally = Omit<HistoryDocument['days'][number], 'day'>

/** Reads a document; a newer one belongs to a later Ballast and must be left alone. */
export function parseHistory(bytes: Uint8Array): DocumentOrFault<HistoryDocument> {
  return readDocument(historyDocumentSchema, bytes)
}

/** The bytes of a document. */
export function serializeHistory(document: HistoryDocument): Uint8Array {
  return serializeDocument(historyDocumentSchema.parse(document))
}
