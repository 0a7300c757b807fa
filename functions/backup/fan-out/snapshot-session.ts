import { literal } from '../../archive/copy-text.ts'
import type { RunState } from '../../archive/run-state.ts'
import { Failure } from '../../platform/failure.ts'
import type { Session } from '../../platform/postgres/session.ts'
import { one } from '../source.ts'
import { breakChain } from './relay.ts'
import { changeState, type HeldState, notHeld, type RunPlace, readHeld } from './run-store.ts'

/** What tells one view of one running server from every other. */
export interface SnapshotFacts {
  view: string
  virtualXid: string
  startedAt: string
}

/** Of the session's own transaction. `txid_current_snapshot` is in every version, and gives what `pg_current_snapshot` does. */
const factsSql = `
SELECT txid_current_snapshot()::text AS view, extract(epoch FROM pg_postmaster_start_time())::text AS "startedAt",
  (SELECT virtualxid FROM pg_locks WHERE locktype = 'virtualxid' AND pid = pg_backend_pid() AND granted) AS "virtualXid"`

const livesSql = `
SELECT EXISTS (SELECT FROM pg_locks WHERE locktype = 'virtualxid' AND virtualxid = $1 AND mode = 'ExclusiveLock' AND granted) AS lives`

/** Code of the Failure of a snapshot that cannot be imported, or is not the run's. */
export const snapshotLost = 'SnapshotLost'

/** What PostgreSQL says of an exported snapshot that is not there, in its versions, or whose transaction has just ended. */
const lostCodes: ReadonlySet<string | undefined> = new Set(['22023', '42704', '55000'])

export async function snapshotFacts(session: Session): Promise<SnapshotFacts> {
  return await one<SnapshotFacts>(session, factsSql)
}

/** Exports the snapshot of the session's transaction, also one that was itself imported. */
export async function exportSnapshot(session: Session): Promise<string> {
  return (await one<{ id: string }>(session, 'SELECT pg_export_snapshot() AS id')).id
}

/** Whether a transaction is still open; while it is, it has kept all its locks. */
export async function transactionLives(session: Session, virtualXid: string): Promise<boolean> {
  const [row] = await session.query<{ lives: boolean }>(livesSql, [virtualXid])
  return row?.lives === true
}

/**
 * Begins a transaction in a run's snapshot, and proves that it is the same view of the same server: an id alone could be that of
 * another server's.
 *
 * @throws Failure with code `SnapshotLost`.
 */
export async function enterSnapshot(session: Session, { snapshot, server }: HeldState): Promise<SnapshotFacts> {
  await session.query('BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY')
  try {
    await session.query(`SET TRANSACTION SNAPSHOT ${literal(snapshot.id)}`)
  } catch (error) {
    if (!(error instanceof Failure) || !lostCodes.has(error.code)) throw error
    throw lost(`the snapshot ${snapshot.id} is gone: ${error.message}`, error)
  }
  const facts = await snapshotFacts(session)
  if (facts.startedAt !== server.startedAt) throw lost('the server is another one, or was started again')
  if (facts.view !== snapshot.view) throw lost('the snapshot is not that of the run')
  return facts
}

/** The Failure of a snapshot that is not there any more. */
export function lost(message: string, cause?: unknown): Failure {
  return new Failure(`the chain of the snapshot is broken: ${message}`, {
    ...{ kind: 'permanent', subject: 'snapshot', code: snapshotLost, cause },
    hint: 'Nothing was published. Find out what ended the session that held it (the log of the step `hold`, and of the server); the next slot makes a run of its own.',
  })
}

const attempts = 5

/**
 * Does what needs the snapshot that is held now. A holder may hand it on just between reading its id and using it: then it is
 * tried again with the next one's. One that is lost breaks the chain, and says so to all.
 *
 * @param known the state as it was read a moment ago.
 */
export async function withSnapshot<T>(place: RunPlace, work: (state: HeldState) => Promise<T>, known?: HeldState): Promise<T> {
  for (let attempt = 1; ; attempt += 1) {
    const state = attempt === 1 && known !== undefined ? known : await readHeld(place)
    try {
      return await work(state)
    } catch (error) {
      if (!(error instanceof Failure) || error.code !== snapshotLost) throw error
      const { state: now, changed } = await breakIfSame(place, state, error)
      if (changed || now.state !== 'held' || attempt >= attempts)
        throw now.state === 'held' ? error : notHeld(now, place.address)
    }
  }
}

async function breakIfSame(place: RunPlace, { generation }: RunState, { kind, message, hint, code }: Failure) {
  return await changeState(place, breakChain({ kind, message, hint, ...(code === undefined ? {} : { code }) }, generation))
}
