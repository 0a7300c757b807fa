import { randomUUID } from 'node:crypto'
import { toFailure } from '../../platform/failure.ts'
import type { Session } from '../../platform/postgres/session.ts'
import { definedTuning } from '../backup-tuning.ts'
import { lockTables } from '../lock-tables.ts'
import { holdSource, openHolder } from '../source.ts'
import { keepHolding } from './keep-holding.ts'
import { assertPaused, letReplayGoOn, pauseReplay } from './pause-replay.ts'
import { readPlan } from './plan-document.ts'
import { planRun } from './plan-run.ts'
import { beginHolding, claimPlanning, decideHold, giveBackPlanning, holderTerm, type Term, takeOver } from './relay.ts'
import { changeState, type HeldState, notHeld, readHeld, readState } from './run-store.ts'
import { enterSnapshot, exportSnapshot, lost, snapshotFacts, transactionLives, withSnapshot } from './snapshot-session.ts'
import { databaseConnection, type StepContext, snapshotConnection } from './step-context.ts'

/** Whether the step is to be called again, and when. */
export interface HoldAnswer {
  more: boolean
  /** Whole seconds, at least 1 when there is more. */
  waitSeconds: number
}

/** One that held is not asked again before its successor has its place. */
const leastWaitSeconds = 1
/** For what is still to be said when this call's own time is over. */
const lastWordMs = 5_000

/**
 * Holds the run's snapshot for a while, when it is this call's turn; otherwise says when to call again. Two take turns: whoever
 * comes first plans and holds, the other takes the snapshot over when the time is there, and so on, until nobody needs it any more.
 *
 * @throws Failure when the chain is broken, or planning failed.
 */
export async function hold(context: StepContext): Promise<HoldAnswer> {
  const { place, note } = context
  const holder = randomUUID()
  const term = holderTerm(Date.now(), context.deadlineMs, context.cluster.backup.fanOut.holderSeconds)
  for (;;) {
    const state = await readState(place)
    const step = decideHold(state, Date.now())
    if (step.do === 'wait') return { more: true, waitSeconds: Math.max(leastWaitSeconds, step.seconds) }
    if (step.do === 'end') return { more: false, waitSeconds: 0 }
    if (step.do === 'fail') throw notHeld(state, place.address)
    const session = step.do === 'plan' ? await planAndHold(context, holder, term) : await succeed(context, holder, term)
    // Another call was first.
    if (session === undefined) continue
    try {
      note(`holding the snapshot (${step.do})`)
      await keepHolding(context, session, holder, term)
    } finally {
      await session.close()
      await letReplayGoOn(context)
    }
    const after = decideHold(await readState(place), Date.now())
    if (after.do === 'end') return { more: false, waitSeconds: 0 }
    return { more: true, waitSeconds: after.do === 'wait' ? Math.max(leastWaitSeconds, after.seconds) : leastWaitSeconds }
  }
}

/** The first holder: finds out what there is, stores the plan, and makes it known. Undefined when another call plans. */
async function planAndHold(context: StepContext, holder: string, term: Term): Promise<Session | undefined> {
  const { place, cluster, env } = context
  const { state: claimed, changed } = await changeState(place, claimPlanning(holder, term.endMs, Date.now()))
  if (!changed) return undefined
  try {
    const connection = await databaseConnection(cluster, place.address.database, env)
    const replayPaused = await pauseReplay(context, holder, claimed.dueMs)
    const source = await holdSource(connection, definedTuning(cluster).lockWaitSeconds, place.signal)
    try {
      await planRun(context, { ...place, plan: holder }, source)
      const { view, virtualXid, startedAt } = await snapshotFacts(source.session)
      const snapshot = { id: source.snapshot, view, virtualXid, lsn: source.identity.snapshotLsn }
      const server = { ...source.session.address, startedAt }
      if (replayPaused !== undefined) await assertPaused(source.session, replayPaused)
      const begun = beginHolding({ holder, ...term, snapshot, server, replayPaused, heldSinceMs: Date.now() })
      const { state, changed: holding } = await changeState(place, begun)
      if (!holding) throw notHeld(state, place.address)
      return source.session
    } catch (error) {
      await source.session.close()
      throw error
    }
  } catch (error) {
    const last = { ...place, signal: AbortSignal.timeout(lastWordMs) }
    await changeState(last, giveBackPlanning(holder)).catch(() => undefined)
    await letReplayGoOn(context, holder)
    throw error
  }
}

/**
 * A further holder: takes the same snapshot and the same locks while the one before still has them, which its server proves. Then
 * it makes itself known, and the one before may go. Undefined when another call was first.
 */
async function succeed(context: StepContext, holder: string, term: Term): Promise<Session | undefined> {
  const { place } = context
  const { plan } = await readHeld(place)
  const { tableList, settings } = await readPlan({ ...place, plan })
  return await withSnapshot(place, async (state) => {
    const session = await openHolder(await snapshotConnection(context, state.server), place.signal)
    try {
      const { virtualXid, view } = await enterSnapshot(session, state)
      await lockTables(session, tableList, patience(state, settings.lockWaitSeconds))
      const id = await exportSnapshot(session)
      if (!(await transactionLives(session, state.snapshot.virtualXid)))
        throw lost('its holder went away before its successor had locked the tables')
      const snapshot = { id, view, virtualXid, lsn: state.snapshot.lsn }
      const { changed } = await changeState(place, takeOver({ holder, ...term, snapshot }, state.generation))
      if (changed) return session
      await session.close()
      return undefined
    } catch (error) {
      await session.close()
      throw toFailure(error, place.address.database)
    }
  })
}

/** DDL that waits for the holder lets no successor past: it is waited for as long as the holder is sure to be there. */
function patience({ endMs }: HeldState, lockWaitSeconds: number): number {
  return Math.max(1, Math.min(lockWaitSeconds, (endMs - Date.now()) / 2000))
}
