import { setTimeout as sleep } from 'node:timers/promises'
import { type MonitoredNode, monitoredNodes } from '../../../config/monitoring.ts'
import type { ReplayPaused } from '../../archive/run-state.ts'
import { Failure, toFailure } from '../../platform/failure.ts'
import type { Session } from '../../platform/postgres/session.ts'
import { endPause, leavePause } from '../../runtime/replay-pause/changes.ts'
import { changePause, type PausePlace } from '../../runtime/replay-pause/keep-pause.ts'
import { needsReplica } from '../../runtime/replay-pause/needs.ts'
import type { ReplayPause } from '../../runtime/replay-pause/record.ts'
import { one } from '../source.ts'
import { askNode } from './ask-node.ts'
import { joinOrRefuse, promoted, stillReplaying } from './pause-refusals.ts'
import { pausedReplica } from './paused-replica.ts'
import { type RunPlace, readState } from './run-store.ts'
import { databaseConnection, type StepContext } from './step-context.ts'

/** Replay that waits for a query to end, or applies a large record, does not pause at once. */
const pausedWithinMs = 30_000
const pollMs = 100
/** For letting replay go on when a call's own time is over. */
const lastWordsMs = 10_000

const stateSql = `
SELECT pg_is_in_recovery() AS standby,
  CASE WHEN pg_is_in_recovery() THEN pg_get_wal_replay_pause_state() ELSE 'not paused' END AS state`

/**
 * Pauses replay on the replica of the definition, for a run; undefined where it names none. That it will be paused, and by whom, is
 * stored before it is: whatever happens then, the operation `replication` knows that it was us, and resumes it.
 *
 * @param token of the call that plans the run.
 * @throws Failure when replay was paused by somebody else, or does not pause.
 */
export async function pauseReplay(context: StepContext, token: string, dueMs: number): Promise<ReplayPaused | undefined> {
  const { cluster, place, note } = context
  const replica = pausedReplica(cluster)
  if (replica === undefined) return undefined
  const { database, set } = place.address
  return await onNode(context, replica, place.signal, async (session) => {
    const { standby, state } = await readReplay(session)
    if (!standby) throw promoted(replica.name)
    const user = { database, set, token, sinceMs: Date.now() }
    const request = { node: replica.name, user, paused: state !== 'not paused', dueMs }
    const { sinceMs } = await changePause(pausePlace(place), (known) => joinOrRefuse(known, request))
    await session.query('SELECT pg_wal_replay_pause()')
    await untilPaused(session, replica, place.signal)
    note(`replay on ${replica.name} is paused`)
    return { node: replica.name, sinceMs }
  })
}

/** Asserts that replay stands still, as seen by a session of a run. @throws Failure `transient`: somebody has resumed it. */
export async function assertPaused(session: Session, { node }: ReplayPaused): Promise<void> {
  if ((await readReplay(session)).state === 'paused') return
  throw new Failure(`replay on ${node} goes on again, though a run has just paused it`, {
    ...{ kind: 'transient', subject: node, code: 'Resumed' },
    hint: 'A run that had ended may have resumed it at the same moment: it is tried again. Otherwise find out who resumes it.',
  })
}

/**
 * Lets replay go on where this run has ended, or the attempt to plan it, and no other run needs it paused. What does not succeed is
 * only noted: the operation `replication` does it later.
 *
 * @param token of the attempt that has failed; without it, the run itself must be over.
 */
export async function letReplayGoOn(context: StepContext, token?: string): Promise<void> {
  const place = { ...context.place, signal: AbortSignal.timeout(lastWordsMs) }
  const { database, set } = place.address
  try {
    if (pausedReplica(context.cluster) === undefined) return
    if (token === undefined && needsReplica(await readState(place), Date.now())) return
    let before: ReplayPause | undefined
    const pause = await changePause(pausePlace(place), (known) => {
      before = known
      return known && leavePause(known, [{ database, set, token }], Date.now())
    })
    // Only the one who makes it unneeded resumes: a second one, a moment later, could undo the pause of the next run.
    if (pause === undefined || pause === before || pause.users.length > 0) return
    await resume(context, pause.node, place.signal)
    await changePause(pausePlace(place), (known) => known && endPause(known, Date.now()))
    context.note(`replay on ${pause.node} goes on`)
  } catch (error) {
    const { message } = toFailure(error, 'replay')
    context.note(`replay was not resumed, which the operation replication will do: ${message}`)
  }
}

async function resume(context: StepContext, name: string, signal: AbortSignal): Promise<void> {
  const node = monitoredNodes(context.cluster).find((known) => known.name === name)
  if (node === undefined) throw new Error(`the definition has no node ${name}`)
  await onNode(context, node, signal, async (session) => {
    // One that was promoted has ended the pause by that.
    if ((await readReplay(session)).standby) await session.query('SELECT pg_wal_replay_resume()')
  })
}

async function readReplay(session: Session): Promise<{ standby: boolean; state: string }> {
  return await one<{ standby: boolean; state: string }>(session, stateSql)
}

async function untilPaused(session: Session, { name }: MonitoredNode, signal: AbortSignal): Promise<void> {
  const untilMs = performance.now() + pausedWithinMs
  for (;;) {
    const { state } = await readReplay(session)
    if (state === 'paused') return
    if (performance.now() > untilMs) throw stillReplaying(name, pausedWithinMs / 1000, state)
    await sleep(pollMs, undefined, { signal }).catch(() => undefined)
  }
}

async function onNode<T>(
  { cluster, place, env }: StepContext,
  node: MonitoredNode,
  signal: AbortSignal,
  ask: (session: Session) => Promise<T>,
): Promise<T> {
  return await askNode(await databaseConnection(cluster, place.address.database, env), node, signal, ask)
}

function pausePlace({ store, address, signal }: RunPlace): PausePlace {
  return { store, cluster: address.cluster, signal }
}
