import { z } from 'zod'
import { parseDocument, serializeDocument } from '../platform/small-document.ts'

const count = z.number().int().nonnegative()
const instantMs = count

/** One exported snapshot, and what proves that another session sees the very same. */
const snapshot = z.strictObject({
  /** As `pg_export_snapshot` gave it to the holder of now; the next holder's is another one of the same view. */
  id: z.string().max(100),
  /** `pg_current_snapshot()`: the same for everybody who has imported it, whatever its id. */
  view: z.string(),
  lsn: z.string().max(20),
  /** Of the holder's transaction, as `pg_locks` has it: there for exactly as long as the transaction, never again. */
  virtualXid: z.string().max(50),
})

/** The one server that the snapshot means something to. */
const server = z.strictObject({
  host: z.string(),
  port: z.number().int(),
  hostaddr: z.string().optional(),
  /** When it was started: another server, or the same one started again, has another. */
  startedAt: z.string(),
})

/** DDL that waits because the snapshot's holder reads the table. */
const waiting = z.strictObject({ table: z.string(), pid: count, seconds: count })

/** What the snapshot costs the source, as last seen. */
const watch = z.strictObject({
  /**
   * On a standby WAL that waits to be replayed (with replay paused, also what the primary has written and it has not received), on a
   * primary the most that a replication slot keeps.
   */
  walHeldBytes: count,
  /** Transactions since the snapshot, which vacuum cannot clean up behind. */
  heldTransactions: count,
  waiting: z.array(waiting).max(20),
  /** The most of any time. */
  longestWaitSeconds: count,
  mostWalHeldBytes: count,
})

const ended = z.strictObject({
  kind: z.enum(['config', 'transient', 'permanent', 'bug']),
  message: z.string(),
  hint: z.string(),
  code: z.string().optional(),
})

const schema = z.strictObject({
  format: z.literal(1),
  /**
   * `opening`: nobody has begun. `planning`: somebody has. `held`: the plan is stored and the snapshot is held. `released`: all
   * that needs it is stored, and the set is being published. `published`: the set exists. `broken`: the snapshot was lost, or
   * given up. `aborted`: the run failed, or was stopped.
   */
  state: z.enum(['opening', 'planning', 'held', 'released', 'published', 'broken', 'aborted']),
  slot: z.string().max(100),
  dueMs: instantMs,
  /** As the set's name says it. */
  startedMs: instantMs,
  /** How many sessions have held the snapshot, one after another. */
  generation: count,
  /** A random token: who plans or holds knows it for its own. */
  holder: z.string().max(100).optional(),
  /** Names the plan: the token of who made it. */
  plan: z.string().max(100).optional(),
  snapshot: snapshot.optional(),
  server: server.optional(),
  heldSinceMs: instantMs.optional(),
  /** The replica that is the source and whose replay is paused, and since when it is; see `ReplayPause`. */
  replayPaused: z.strictObject({ node: z.string(), sinceMs: instantMs }).optional(),
  /** From when on somebody else may take over. */
  handoverMs: instantMs.optional(),
  /** When the holder's own time is over. */
  endMs: instantMs.optional(),
  /** How often the holders have proven that their sessions live, in all; one every `renewMs`. */
  renewals: count,
  renewMs: z.number().int().positive(),
  watch: watch.optional(),
  /** When all that needs the snapshot was stored. */
  finishedMs: instantMs.optional(),
  /** Why it was broken or aborted. */
  ended: ended.optional(),
  /** Of an aborted run: nothing can publish it any more, so that what it stored may be deleted. */
  removable: z.boolean().optional(),
})

/** What the steps of a run tell each other, in one small object that changes by conditional writes alone. */
export type RunState = z.infer<typeof schema>
export type RunSnapshot = z.infer<typeof snapshot>
export type SourceServer = z.infer<typeof server>
export type SourceWatch = z.infer<typeof watch>
export type ReplayPaused = NonNullable<RunState['replayPaused']>
export type WaitingDdl = z.infer<typeof waiting>
export type RunEnd = z.infer<typeof ended>

export function serializeState(state: RunState): Uint8Array {
  return serializeDocument(state)
}

/** @throws Failure `permanent` for what is no state of this version. */
export function parseState(bytes: Uint8Array, key: string): RunState {
  return parseDocument(schema, bytes, {
    ...{ message: 'the state of this run cannot be read', subject: key, code: 'BadRunState' },
    hint: 'Another version of Ballast may have written it: deploy one version to all functions; the next slot makes a run of its own.',
  })
}
