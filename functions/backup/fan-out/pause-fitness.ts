import type { Cluster } from '../../../config/cluster.ts'
import type { MonitoredNode } from '../../../config/monitoring.ts'
import { Failure } from '../../platform/failure.ts'
import type { Session } from '../../platform/postgres/session.ts'
import { one } from '../source.ts'
import { promoted } from './pause-refusals.ts'

/** What decides whether the replay of a replica may be paused, as the replica says it. */
export interface ReplicaFacts {
  standby: boolean
  pauseState: string
  /** Whether the role that asks may pause and resume. */
  mayPause: boolean
  /** Whether the monitor's role may resume: it does where a run cannot any more. */
  monitorMayResume: boolean
}

/** The same, as the primary says it. */
export interface PrimaryFacts {
  primary: boolean
  synchronousNames: string
  /** Of the replica; null where it is not connected. */
  syncState: string | null
  /** Whether commits wait until a synchronous standby has replayed them, of anybody. */
  remoteApply: boolean
}

const replicaSql = `
SELECT pg_is_in_recovery() AS standby,
  CASE WHEN pg_is_in_recovery() THEN pg_get_wal_replay_pause_state() ELSE 'not paused' END AS "pauseState",
  has_function_privilege('pg_catalog.pg_wal_replay_pause()', 'EXECUTE')
    AND has_function_privilege('pg_catalog.pg_wal_replay_resume()', 'EXECUTE') AS "mayPause",
  EXISTS (SELECT FROM pg_roles
    WHERE rolname = $1 AND has_function_privilege(oid, 'pg_catalog.pg_wal_replay_resume()', 'EXECUTE')) AS "monitorMayResume"`

const primarySql = `
SELECT NOT pg_is_in_recovery() AS primary, current_setting('synchronous_standby_names') AS "synchronousNames",
  (SELECT r.sync_state FROM pg_stat_replication r LEFT JOIN pg_replication_slots s ON s.active_pid = r.pid
    WHERE s.slot_name = $1 OR r.application_name = $2 ORDER BY s.slot_name = $1 DESC NULLS LAST LIMIT 1) AS "syncState",
  (SELECT setting = 'remote_apply' FROM pg_settings WHERE name = 'synchronous_commit')
    OR EXISTS (SELECT FROM pg_db_role_setting, unnest(setconfig) AS line WHERE line = 'synchronous_commit=remote_apply') AS "remoteApply"`

/** Asks the replica, in the database where the rights are granted. */
export async function readReplica(session: Session, { accounts }: Cluster): Promise<ReplicaFacts> {
  return await one<ReplicaFacts>(session, replicaSql, [accounts.monitor.user])
}

/** Asks the primary about a replica. */
export async function readPrimary(session: Session, { slot = null, name }: OptionalSlot): Promise<PrimaryFacts> {
  return await one<PrimaryFacts>(session, primarySql, [slot, name])
}

type OptionalSlot = { name: string; slot?: string | null | undefined }

/**
 * Why the replay of a replica must not be paused for a run; undefined where it may.
 *
 * @param role that pauses; `monitor` is the one that resumes after a crash.
 */
export function unfitReplica(
  { name }: Pick<MonitoredNode, 'name'>,
  replica: ReplicaFacts,
  primary: PrimaryFacts,
  { role, monitor }: { role: string; monitor: string },
): Failure | undefined {
  if (!replica.standby) return promoted(name)
  if (!primary.primary)
    return refusal(
      `the primary of the definition is in recovery, so nobody can say whether commits wait for ${name}`,
      'nodes',
      'Change the roles of the nodes in the definition to what they are.',
    )
  if (!replica.mayPause)
    return refusal(`role ${role} may not pause and resume replay on ${name}`, role, grantFix(role, monitor))
  if (!replica.monitorMayResume)
    return refusal(
      `role ${monitor} may not resume replay on ${name}, which it must where a run cannot any more`,
      monitor,
      grantFix(role, monitor),
    )
  return hanging(name, primary)
}

/** A commit that waits for replay would wait for the whole run. A standby that is not connected may come back as a synchronous one. */
function hanging(name: string, { remoteApply, synchronousNames, syncState }: PrimaryFacts): Failure | undefined {
  if (!remoteApply || synchronousNames.trim() === '' || syncState === 'async') return undefined
  return refusal(
    `commits on the primary would hang: synchronous_commit is remote_apply, and ${name} is in synchronous_standby_names (${synchronousNames})`,
    'synchronous_standby_names',
    `Take ${name} out of synchronous_standby_names, or set synchronous_commit to on, for roles and databases too.`,
  )
}

/** The rights are the database's, not the server's: they are granted where they are used. */
export function grantFix(role: string, monitor: string): string {
  const quoted = (name: string): string => `"${name.replaceAll('"', '""')}"`
  return `On the primary, in the database postgres, run: GRANT EXECUTE ON FUNCTION pg_wal_replay_pause(), pg_wal_replay_resume() TO ${quoted(role)}; GRANT EXECUTE ON FUNCTION pg_wal_replay_resume() TO ${quoted(monitor)};`
}

function refusal(message: string, subject: string, hint: string): Failure {
  return new Failure(message, { kind: 'config', subject, hint, code: 'Unfit' })
}
