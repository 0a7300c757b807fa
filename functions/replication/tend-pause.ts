import type { Cluster } from '../../config/cluster.ts'
import { runStateKey } from '../archive/keys.ts'
import { parseState } from '../archive/run-state.ts'
import { Failure } from '../platform/failure.ts'
import { openSession } from '../platform/postgres/session.ts'
import { endPause, leavePause } from '../runtime/replay-pause/changes.ts'
import { changePause, type PausePlace, readPause } from '../runtime/replay-pause/keep-pause.ts'
import { needsReplica } from '../runtime/replay-pause/needs.ts'
import type { PauseUser, ReplayPause } from '../runtime/replay-pause/record.ts'
import type { Answer, ServerFacts } from './facts.ts'
import { answerOf, applicationName, type NodeConnection } from './gather.ts'
import { decidePause, type PauseNews } from './pause-news.ts'
import { isPaused } from './replay-verdict.ts'

/** A run plans before it holds, in one function's time. */
const planningMs = 15 * 60_000
const resumeWithinSeconds = 7
const noRight = '42501'

/** Where the pause is known of, and who is asked to end it. */
export interface PauseWatch extends PausePlace {
  /** `backup.limits`: no run needs a pause for longer, whatever its state says. */
  limits: Pick<Cluster['backup']['limits'], 'durationSeconds' | 'snapshotAgeSeconds'>
  connections: readonly NodeConnection[]
}

/**
 * The dead man of pauses: resumes replay that a run has paused and nobody needs paused any more, when the run itself does not.
 *
 * @param answers of this poll.
 * @param nowMs when it began to ask: what has happened since is for the next one.
 * @throws Failure of the store.
 */
export async function tendPause(watch: PauseWatch, answers: readonly Answer<ServerFacts>[], nowMs: number): Promise<PauseNews> {
  let pause = await readPause(watch)
  for (;;) {
    const step = decidePause(pause, await neededUsers(watch, pause, nowMs), pausedNow(pause, answers), nowMs)
    switch (step.do) {
      case 'tell':
        return step.news
      case 'take out':
        pause = await changePause(watch, (known) => known && leavePause(known, step.users, Date.now()))
        break
      case 'note the end':
        pause = await changePause(watch, (known) => known && endPause(known, nowMs))
        break
      case 'resume':
        return await resume(watch, step, nowMs)
    }
  }
}

/** The users of a pause whose runs are at work. What cannot be understood may be, for as long as a run may take. */
async function neededUsers(
  { store, cluster, limits, signal }: PauseWatch,
  pause: ReplayPause | undefined,
  nowMs: number,
): Promise<PauseUser[]> {
  const longestMs = Math.min(limits.durationSeconds, limits.snapshotAgeSeconds) * 1000 + planningMs
  const needed: PauseUser[] = []
  for (const user of pause?.users ?? []) {
    const key = runStateKey({ cluster, database: user.database, set: user.set })
    if (nowMs - user.sinceMs > longestMs) continue
    const found = await store.readSmall(key, signal)
    if (found !== undefined && mayNeed(found.bytes, key, nowMs)) needed.push(user)
  }
  return needed
}

function mayNeed(bytes: Uint8Array, key: string, nowMs: number): boolean {
  try {
    return needsReplica(parseState(bytes, key), nowMs)
  } catch (error) {
    if (error instanceof Failure) return true
    throw error
  }
}

function pausedNow(pause: ReplayPause | undefined, answers: readonly Answer<ServerFacts>[]): boolean | undefined {
  const answer = answers.find(({ node }) => node === pause?.node)
  return answer !== undefined && 'facts' in answer ? isPaused(answer.facts) : undefined
}

async function resume(
  watch: PauseWatch,
  { node, sinceMs }: { node: string; sinceMs: number },
  nowMs: number,
): Promise<PauseNews> {
  const connection = watch.connections.find((one) => one.node === node)
  if (connection === undefined) return { is: 'ending', node, sinceMs }
  let code: string | undefined
  const answer = await answerOf(connection, resumeWithinSeconds, watch.signal, async (settings, signal) => {
    const session = await openSession(settings, { applicationName, signal })
    try {
      return await session.query('SELECT pg_wal_replay_resume()').catch((error: unknown) => {
        code = error instanceof Failure ? error.code : undefined
        throw error
      })
    } finally {
      await session.close()
    }
  })
  if ('problem' in answer)
    return { is: 'stuck', node, sinceMs, problem: answer.problem.message, fix: stuckFix(node, connection, code) }
  // Where this cannot be noted, the next poll does it.
  await changePause(watch, (known) => known && endPause(known, nowMs)).catch(() => undefined)
  return { is: 'resumed', node, sinceMs }
}

function stuckFix(node: string, { settings }: NodeConnection, code: string | undefined): string {
  const byHand = `Run SELECT pg_wal_replay_resume() on ${node}.`
  if (code !== noRight) return byHand
  const role = `"${settings.user.replaceAll('"', '""')}"`
  return `${byHand} Then, on the primary, in the database postgres: GRANT EXECUTE ON FUNCTION pg_wal_replay_resume() TO ${role};`
}
