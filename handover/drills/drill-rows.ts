import { setTimeout as sleep } from 'node:timers/promises'
import { Failure } from '../../functions/platform/failure.ts'
import type { Session } from '../../functions/platform/postgres/session.ts'
import { definedPrimary, definedReplicas, type Site } from '../sites/site.ts'
import { type DrillScene, drillConnection } from './drill.ts'
import { inSession } from './drill-session.ts'

/** Runs work with a session of the drills' role on the primary. */
export async function onPrimary<T>(
  scene: DrillScene,
  through: 'pooler' | 'direct',
  work: (session: Session) => Promise<T>,
): Promise<T> {
  return await inSession(await drillConnection(scene, definedPrimary(scene.site), through), scene.signal, work)
}

/** A table of the drill with so many rows, no two alike, and an index; it is dropped when the drill is over. */
export async function makeRows(scene: DrillScene, table: string, rows: number): Promise<void> {
  scene.restoreBy(async (signal) => {
    await onPrimary({ ...scene, signal }, 'direct', (session) => session.query(`DROP TABLE IF EXISTS ${table}`))
  })
  await onPrimary(scene, 'direct', async (session) => {
    await session.query(`CREATE TABLE ${table} (id bigint PRIMARY KEY, placed timestamptz NOT NULL, body text NOT NULL)`)
    await addRows(session, table, 1, rows)
    await session.query(`CREATE INDEX ${table}_placed ON ${table} (placed)`)
  })
}

/** Adds rows with the ids `from` to `to`, in one transaction. */
export async function addRows(session: Session, table: string, from: number, to: number): Promise<void> {
  await session.query(`INSERT INTO ${table} SELECT i, clock_timestamp(), repeat(md5(i::text), 4)
    FROM generate_series(${from}, ${to}) i`)
}

/** How long a replica may take to replay what its primary had. */
export const replayedWithinMs = 60_000
const pollMs = 50

/** Whether a replica replays in time what the primary had when this was called. */
export async function catchesUp(
  site: Site,
  { replica, primary }: { replica: string; primary: string },
  signal: AbortSignal,
): Promise<boolean> {
  const lsn = await site.sql(primary, 'SELECT pg_current_wal_lsn()', { signal })
  const deadline = performance.now() + replayedWithinMs
  while (performance.now() < deadline) {
    if ((await site.sql(replica, `SELECT pg_last_wal_replay_lsn() >= '${lsn}'`, { signal })) === 't') return true
    await sleep(pollMs, undefined, { signal })
  }
  return false
}

/** Resolves when every replica has replayed what the primary has written until now. */
export async function untilReplayed(site: Site, signal: AbortSignal): Promise<void> {
  const primary = definedPrimary(site)
  for (const replica of definedReplicas(site)) {
    if (!(await catchesUp(site, { replica, primary }, signal))) throw notReplayed(replica, primary)
  }
}

function notReplayed(replica: string, primary: string): Failure {
  return new Failure(`${replica} had not replayed what ${primary} has after ${replayedWithinMs / 1000} s`, {
    ...{ kind: 'transient', subject: replica },
    hint: 'Run `ballast check replication` to see what holds it up, then the drill again.',
  })
}
