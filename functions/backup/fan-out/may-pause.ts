import type { Cluster } from '../../../config/cluster.ts'
import type { ConnectionSettings } from '../../platform/postgres/settings.ts'
import { type PausePlace, readPause } from '../../runtime/replay-pause/keep-pause.ts'
import { askNode } from './ask-node.ts'
import { readPrimary, readReplica, unfitReplica } from './pause-fitness.ts'
import { joinOrRefuse } from './pause-refusals.ts'
import { pausedReplica, primaryNode } from './paused-replica.ts'

/** The run that is about to begin. */
export interface PausingRun {
  database: string
  run: string
  dueMs: number
}

/**
 * Whether a run will pause the replica of the definition; false where it names none.
 *
 * @throws Failure when it may not be paused, that names what to change: nothing has been touched then.
 */
export async function refuseUnfitPause(
  place: PausePlace,
  { database, run, dueMs }: PausingRun,
  connection: ConnectionSettings,
  cluster: Cluster,
): Promise<boolean> {
  const replica = pausedReplica(cluster)
  if (replica === undefined) return false
  const { signal } = place
  const facts = await askNode(connection, replica, signal, (session) => readReplica(session, cluster))
  const primary = await askNode(connection, primaryNode(cluster), signal, (session) => readPrimary(session, replica))
  const refusal = unfitReplica(replica, facts, primary, { role: connection.user, monitor: cluster.accounts.monitor.user })
  if (refusal !== undefined) throw refusal
  // As its first holder will, so that what is refused then is refused before anything starts.
  const user = { database, set: run, token: '', sinceMs: Date.now() }
  joinOrRefuse(await readPause(place), { node: replica.name, user, paused: facts.pauseState !== 'not paused', dueMs })
  return true
}
