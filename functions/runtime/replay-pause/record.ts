import { z } from 'zod'
import { parseDocument, serializeDocument } from '../../platform/small-document.ts'

const instantMs = z.number().int().nonnegative()

const user = z.strictObject({
  database: z.string(),
  set: z.string().max(100),
  /** Of the call that plans the run: the same run may be planned twice, and only the last time counts. */
  token: z.string().max(100),
  sinceMs: instantMs,
})

const schema = z.strictObject({
  format: z.literal(1),
  /** The replica, as the definition names it. */
  node: z.string(),
  /** From when on its replay is paused, at the latest a moment after: it is noted first, and then done. */
  sinceMs: instantMs,
  /** The runs that need it so. */
  users: z.array(user),
  /** Since when nobody needs it any more. */
  unneededMs: instantMs.optional(),
  /** Since when replay goes on again: the pause is over. */
  resumedMs: instantMs.optional(),
})

/**
 * That replay on a replica is paused by Ballast, and for whom. It is written before replay is paused, and changed by conditional
 * writes alone: a pause that is not in it is somebody else's.
 */
export type ReplayPause = z.infer<typeof schema>
export type PauseUser = z.infer<typeof user>

export function serializePause(pause: ReplayPause): Uint8Array {
  return serializeDocument(pause)
}

/** @throws Failure `permanent` for what is no such record of this version. */
export function parsePause(bytes: Uint8Array, key: string): ReplayPause {
  return parseDocument(schema, bytes, {
    ...{ message: 'what is known of the pause of replay cannot be read', subject: key, code: 'BadPause' },
    hint: 'Another version of Ballast may have written it: deploy one version to all functions. If no backup is at work, delete it, and run SELECT pg_wal_replay_resume() on the replica.',
  })
}
