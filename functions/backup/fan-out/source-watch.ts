import type { RunEnd, SourceWatch, WaitingDdl } from '../../archive/run-state.ts'
import type { Session } from '../../platform/postgres/session.ts'
import { one } from '../source.ts'

/** `backup.limits` of the definition. */
export interface RunLimits {
  durationSeconds: number
  snapshotAgeSeconds: number
  walHeldBytes: number
}

const costsSql = `
SELECT (CASE WHEN pg_is_in_recovery()
    THEN greatest(0, coalesce(pg_wal_lsn_diff(greatest(pg_last_wal_receive_lsn(), $1::pg_lsn), pg_last_wal_replay_lsn()), 0))
    ELSE (SELECT coalesce(max(pg_wal_lsn_diff(pg_current_wal_lsn(), restart_lsn)), 0) FROM pg_replication_slots)
  END)::bigint::text AS "walHeldBytes",
  (SELECT coalesce(age(backend_xmin), 0) FROM pg_stat_activity WHERE pid = pg_backend_pid()) AS "heldTransactions"`

/** Only what waits for a lock that excludes readers keeps the application's own readers waiting. */
const waitingSql = `
SELECT coalesce(quote_ident(n.nspname) || '.' || quote_ident(c.relname), w.relation::text) AS "table", w.pid,
  coalesce(extract(epoch FROM clock_timestamp() - (to_jsonb(w)->>'waitstart')::timestamptz), 0)::int AS seconds
FROM pg_locks w LEFT JOIN pg_class c ON c.oid = w.relation LEFT JOIN pg_namespace n ON n.oid = c.relnamespace
WHERE NOT w.granted AND w.locktype = 'relation' AND w.mode = 'AccessExclusiveLock'
  AND EXISTS (SELECT FROM pg_locks h WHERE h.pid = pg_backend_pid() AND h.granted AND h.locktype = 'relation'
    AND h.database = w.database AND h.relation = w.relation)
ORDER BY seconds DESC, w.pid LIMIT 20`

/**
 * Looks what the snapshot that this session holds costs the source.
 *
 * @param primaryLsn where the primary is, for a standby whose replay is paused: it does not connect again when its stream is cut, and
 * what it does not receive is kept on the primary.
 */
export async function watchSource(session: Session, before?: SourceWatch, primaryLsn?: string): Promise<SourceWatch> {
  // What a transaction has seen of the activity it sees again, until it is told to forget it.
  await session.query('SELECT pg_stat_clear_snapshot()')
  const costs = await one<{ walHeldBytes: string; heldTransactions: number }>(session, costsSql, [primaryLsn ?? null])
  return addCosts({ ...costs, waiting: await session.query<WaitingDdl>(waitingSql) }, before)
}

/** What was seen now, with the most of any time. */
export function addCosts(
  { walHeldBytes, heldTransactions, waiting }: { walHeldBytes: string; heldTransactions: number; waiting: WaitingDdl[] },
  before?: SourceWatch,
): SourceWatch {
  const held = Number(walHeldBytes)
  return {
    ...{ walHeldBytes: held, heldTransactions: Math.max(0, heldTransactions) },
    waiting: waiting.map(({ table, pid, seconds }) => ({ table, pid, seconds: Math.max(0, seconds) })),
    longestWaitSeconds: Math.max(before?.longestWaitSeconds ?? 0, ...waiting.map(({ seconds }) => seconds)),
    mostWalHeldBytes: Math.max(before?.mostWalHeldBytes ?? 0, held),
  }
}

/** Why a run must give its snapshot up now; undefined while it may hold it. */
export function overLimit(
  limits: RunLimits,
  { startedMs, heldSinceMs }: { startedMs: number; heldSinceMs: number },
  { walHeldBytes }: Pick<SourceWatch, 'walHeldBytes'>,
  nowMs: number,
): RunEnd | undefined {
  const stopped = (what: string, setting: string): RunEnd => ({
    ...{ kind: 'permanent', code: 'OverLimit', message: `the snapshot was given up: ${what} (${setting})` },
    hint: `Look what the source bears, then raise ${setting}; or make the run faster with backup.fanOut.connections.`,
  })
  const [age, duration] = [(nowMs - heldSinceMs) / 1000, (nowMs - startedMs) / 1000]
  if (walHeldBytes > limits.walHeldBytes)
    return stopped(`${walHeldBytes} bytes of WAL are kept on the source`, 'backup.limits.walHeld')
  if (age > limits.snapshotAgeSeconds) return stopped(`it is ${Math.round(age)} s old`, 'backup.limits.snapshotAge')
  if (duration > limits.durationSeconds) return stopped(`the run has taken ${Math.round(duration)} s`, 'backup.limits.duration')
  return undefined
}
