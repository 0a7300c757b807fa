import { setTimeout as sleep } from 'node:timers/promises'
import type { RunEnd, SourceWatch } from '../../archive/run-state.ts'
import { type Failure, toFailure } from '../../platform/failure.ts'
import type { Session } from '../../platform/postgres/session.ts'
import { primaryLsn } from './primary-lsn.ts'
import { breakChain, readNews, renew, type Term } from './relay.ts'
import { changeState, type HeldState, notHeld, type RunPlace, readHeld } from './run-store.ts'
import { overLimit, watchSource } from './source-watch.ts'
import type { StepContext } from './step-context.ts'

/** Every so many renewals the source is looked at, which asks more of it than a renewal does. */
const renewalsPerWatch = 6
/** For the last word of a holder whose own time is over. */
const lastWordMs = 5_000

/**
 * Keeps a session that holds the snapshot alive, and proves at every renewal that it is; until a successor has taken over, or nobody
 * needs it any more. A holder that cannot go on breaks the chain and says why.
 *
 * @throws Failure when the chain is broken.
 */
export async function keepHolding(context: StepContext, session: Session, holder: string, term: Term): Promise<void> {
  const { place, note } = context
  let state = await readHeld(place)
  let watch: SourceWatch | undefined = state.watch
  for (let renewal = 0; ; renewal += 1) {
    const looks = renewal % renewalsPerWatch === 0
    const asked = looks
      ? primaryLsn(context, state).then((lsn) => watchSource(session, watch, lsn))
      : session.query('SELECT 1').then(() => watch)
    const seen = await asked.catch((error: unknown) => sessionLost(toFailure(error, 'snapshot')))
    const stop = seen !== undefined && 'message' in seen ? seen : stopReason(context, state, term, seen)
    if (stop !== undefined) return await giveUp(place, state, stop)
    watch = seen as SourceWatch
    const renewed = await changeState(place, renew(holder, watch)).catch((error: unknown) => {
      // The store may answer again before anybody needs to know.
      note(`the state could not be renewed: ${toFailure(error, 'state').message}`)
      return undefined
    })
    if (renewed !== undefined) {
      const news = readNews(renewed.state, holder)
      if (news === 'broken') throw notHeld(renewed.state, place.address)
      if (news !== 'hold on') return
      state = renewed.state as HeldState
    }
    await sleep(state.renewMs, undefined, { signal: place.signal }).catch(() => undefined)
  }
}

function stopReason(
  { cluster }: StepContext,
  state: HeldState,
  { endMs }: Term,
  watch: SourceWatch | undefined,
): RunEnd | undefined {
  const nowMs = Date.now()
  if (nowMs >= endMs) return noSuccessor(watch)
  return watch && overLimit(cluster.backup.limits, state, watch, nowMs)
}

function sessionLost({ message, hint }: Failure): RunEnd {
  return {
    ...{ kind: 'permanent', code: 'SnapshotLost', hint },
    message: `the chain of the snapshot is broken: the session that held it was lost: ${message}`,
  }
}

function noSuccessor(watch: SourceWatch | undefined): RunEnd {
  const waiting = watch?.waiting ?? []
  const ddl = waiting.map(({ table, pid, seconds }) => `${table} (process ${pid}, for ${seconds} s)`).join(', ')
  return {
    ...{ kind: 'permanent', code: 'SnapshotLost' },
    message: `the chain of the snapshot is broken: its holder's time was over before a successor had taken over${ddl === '' ? '' : `; DDL waits for ${ddl}`}`,
    hint:
      ddl === ''
        ? 'See the log of the other call of the step `hold`: it was late, or could not connect or lock.'
        : 'DDL that waits keeps every successor from its lock, and the application from the table: run migrations when no backup runs.',
  }
}

/**
 * Breaks the chain, even when this call's own time is over, and throws why; unless somebody else holds the snapshot by now, or
 * nobody needs it any more.
 */
async function giveUp(place: RunPlace, { generation }: HeldState, ended: RunEnd): Promise<void> {
  const last = { ...place, signal: AbortSignal.timeout(lastWordMs) }
  const { state } = await changeState(last, breakChain(ended, generation))
  if (state.state === 'broken') throw notHeld(state, place.address)
}
