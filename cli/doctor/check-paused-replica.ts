import type { Cluster } from '../../config/cluster.ts'
import { askNode } from '../../functions/backup/fan-out/ask-node.ts'
import { readPrimary, readReplica, unfitReplica } from '../../functions/backup/fan-out/pause-fitness.ts'
import { pausedReplica, primaryNode } from '../../functions/backup/fan-out/paused-replica.ts'
import { databaseConnection } from '../../functions/backup/fan-out/step-context.ts'
import { type Check, type Finding, ok, warn } from '../../functions/platform/check.ts'
import { asFailure } from '../run/as-failure.ts'
import { about } from './findings.ts'

/**
 * Whether fanned-out backups may pause the replica that the definition names; nothing where it names none. Every other backup goes
 * its way without.
 */
export async function checkPausedReplica(cluster: Cluster, env: NodeJS.ProcessEnv, signal: AbortSignal): Promise<Check[]> {
  const replica = pausedReplica(cluster)
  const database = cluster.databases.find(({ backup }) => backup)
  if (replica === undefined || database === undefined) return []
  try {
    const connection = await databaseConnection(cluster, database.name, env)
    const facts = await askNode(connection, replica, signal, (session) => readReplica(session, cluster))
    const primary = await askNode(connection, primaryNode(cluster), signal, (session) => readPrimary(session, replica))
    const roles = { role: connection.user, monitor: cluster.accounts.monitor.user }
    return about(replica.name, [pauseFinding(unfitReplica(replica, facts, primary, roles))])
  } catch (error) {
    const failure = asFailure(error, replica.name)
    if (failure.code === 'Aborted' || failure.kind === 'bug') throw failure
    return about(replica.name, [pauseFinding(failure)])
  }
}

function pauseFinding(refusal: { message: string; hint: string } | undefined): Finding {
  if (refusal !== undefined) return warn('pause', `a backup is not fanned out: ${refusal.message}`, refusal.hint)
  return ok('pause', 'fanned-out backups may pause its replay, and the monitor may resume it')
}
