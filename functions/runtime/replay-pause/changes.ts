import type { PauseUser, ReplayPause } from './record.ts'

/** What a run asks for that is about to pause the replay of a replica. */
export interface PauseRequest {
  node: string
  user: PauseUser
  /** Whether replay is paused there now. */
  paused: boolean
  /** What was written until then must be in the run's set. */
  dueMs: number
}

/**
 * Why a run may not have the replica:
 * - `paused by somebody else`: nothing of ours says that we paused it.
 * - `another replica`: another one is paused still, by the definition that was before.
 * - `too old`: another run has it paused since before this one was due.
 */
export type PauseRefusal = 'paused by somebody else' | 'another replica' | 'too old'

/** Whether replay goes on again. */
export function isOver({ resumedMs }: ReplayPause): boolean {
  return resumedMs !== undefined
}

/** Notes that a run pauses replay, or that it needs the pause as well. */
export function joinPause(known: ReplayPause | undefined, request: PauseRequest): ReplayPause | PauseRefusal {
  const { node, user, paused, dueMs } = request
  if (known === undefined || isOver(known)) {
    return paused ? 'paused by somebody else' : { format: 1, node, sinceMs: user.sinceMs, users: [user] }
  }
  if (known.node !== node) return 'another replica'
  // Whoever resumes it is between the two: nothing is left of that pause.
  if (known.users.length === 0 && !paused) return { format: 1, node, sinceMs: user.sinceMs, users: [user] }
  if (known.sinceMs < dueMs) return 'too old'
  const { unneededMs: _, ...rest } = known
  return { ...rest, users: [...known.users.filter((one) => !isSameRun(one, user)), user] }
}

/** A run that does not need the pause any more; with a token only if that is still the one who noted it. */
export type LeavingUser = Pick<PauseUser, 'database' | 'set'> & { token?: string | undefined }

/** Takes runs out of a pause; nobody is left to need it where `users` is empty then. The same object where none of them is in it. */
export function leavePause(known: ReplayPause, leaving: readonly LeavingUser[], nowMs: number): ReplayPause {
  const leaves = (user: PauseUser): boolean =>
    leaving.some((one) => isSameRun(one, user) && (one.token ?? user.token) === user.token)
  const users = known.users.filter((user) => !leaves(user))
  if (users.length === known.users.length) return known
  return users.length > 0 ? { ...known, users } : { ...known, users, unneededMs: nowMs }
}

/** Replay goes on again; unless a run has come meanwhile that needs it paused. */
export function endPause(known: ReplayPause, nowMs: number): ReplayPause {
  return known.users.length > 0 || isOver(known) ? known : { ...known, resumedMs: nowMs }
}

function isSameRun(one: LeavingUser, other: LeavingUser): boolean {
  return one.database === other.database && one.set === other.set
}
