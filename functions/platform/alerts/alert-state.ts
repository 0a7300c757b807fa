import { z } from 'zod'
import { readDocument, serializeDocument } from '../small-document.ts'

const instantMs = z.number().int().nonnegative()
const severity = z.enum(['critical', 'warning'])
const channels = z.array(z.string().max(200)).max(100)

const entry = z.strictObject({
  key: z.string().min(1).max(200),
  name: z.string().max(200),
  subject: z.string().max(200),
  severity,
  summary: z.string().max(1000),
  hint: z.string().max(1000),
  /** It is repeated once a day at most. */
  remindDaily: z.literal(true).optional(),
  /** The last polls, oldest first: `.` well, `w` bad and a warning, `c` bad and critical. */
  polls: z.string().regex(/^[.wc]{0,60}$/),
  seenMs: instantMs,
  /** There while the alert is raised. */
  raised: z
    .strictObject({
      sinceMs: instantMs,
      /** When somebody was last to be told of it. */
      toldMs: instantMs,
      /** Channels that took a message about it: they hear of its end. */
      channels,
    })
    .optional(),
  /** The newest event that nobody has been told of yet. */
  owed: z
    .strictObject({
      type: z.enum(['raise', 'worse', 'reminder', 'recovery', 'forgotten']),
      atMs: instantMs,
      sinceMs: instantMs,
      channels,
      /** Somebody took it; these channels, which were told of the alert, did not yet. */
      heard: z.literal(true).optional(),
      /** A run is delivering it until then; another one takes it up afterwards. */
      claimedUntilMs: instantMs,
    })
    .optional(),
})

/** Most alerts that are remembered; far above what a cluster has things to look at. */
export const mostEntries = 500

const document = z.strictObject({
  format: z.literal(1),
  /** Random, new with every write: two runs that decide the same at one instant still write different bytes. */
  writer: z.string().max(100),
  entries: z.array(entry).max(mostEntries),
})

/** What is remembered of one alert: only while it is raised, owed to somebody, or was bad in one of the last polls. */
export type AlertEntry = z.infer<typeof entry>
export type EventType = NonNullable<AlertEntry['owed']>['type']

/** The state's entries, or what is wrong with the bytes. */
export function parseState(bytes: Uint8Array): { entries: AlertEntry[] } | { fault: string } {
  const read = readDocument(document, bytes)
  return 'fault' in read ? { fault: read.fault } : { entries: read.document.entries }
}

/** The bytes of the state. */
export function serializeState(entries: readonly AlertEntry[], writer: string): Uint8Array {
  return serializeDocument({ format: 1, writer, entries })
}
