import type { Cluster } from '../../config/cluster.ts'
import { monitoredNodes } from '../../config/monitoring.ts'
import { Failure } from '../platform/failure.ts'
import type { ConnectionSettings } from '../platform/postgres/settings.ts'
import { formatMinute } from '../platform/quantities.ts'
import { isOver } from '../runtime/replay-pause/changes.ts'
import type { ReplayPause } from '../runtime/replay-pause/record.ts'

/**
 * Leaves a replica out whose replay has been paused since before a slot was due: what was written since then is not there, and a set
 * of that slot would be older than its name says.
 *
 * @throws Failure `transient` when nobody else is left.
 */
export function currentHosts(
  connection: ConnectionSettings,
  cluster: Cluster,
  pause: ReplayPause | undefined,
  dueMs: number,
): ConnectionSettings {
  if (pause === undefined || isOver(pause) || pause.sinceMs >= dueMs) return connection
  const paused = monitoredNodes(cluster).find(({ name }) => name === pause.node)?.server.hosts ?? []
  const isCurrent = connection.hosts.map(({ host, port }) => !paused.some((one) => one.host === host && one.port === port))
  if (isCurrent.every(Boolean)) return connection
  if (!isCurrent.some(Boolean)) throw nothingCurrent(pause)
  const { hostPasswords, hosts, ...rest } = connection
  const kept = <T>(list: readonly T[]): T[] => list.filter((_, index) => isCurrent[index])
  return { ...rest, hosts: kept(hosts), ...(hostPasswords && { hostPasswords: kept(hostPasswords) }) }
}

function nothingCurrent({ node, sinceMs }: ReplayPause): Failure {
  return new Failure(
    `replay on ${node} has been paused for a fanned-out backup since ${formatMinute(sinceMs)}, before this one was due`,
    {
      ...{ kind: 'transient', subject: node, code: 'RunAtWork' },
      hint: 'What was written since then would be missing. Give the schedule more time between two slots, or add a replica that backups do not pause.',
    },
  )
}
