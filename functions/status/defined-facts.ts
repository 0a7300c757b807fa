import type { Cluster } from '../../config/cluster.ts'
import { rehearsalPlans } from '../../config/rehearsals.ts'
import { timetable } from '../../config/timetable.ts'
import type { DefinedFacts } from './status-facts.ts'

/** What a definition says that the status needs. */
export function definedFacts(cluster: Cluster): DefinedFacts {
  const { backup, databases, nodes, replication } = cluster
  return {
    timetable: timetable(cluster),
    databases: databases.filter((database) => database.backup).map(({ name }) => name),
    expectedStandbys: nodes.filter(({ role }) => role === 'replica').length,
    replicationLimits: { maxLagBytes: replication.maxLagBytes, maxLagTimeSeconds: replication.maxLagTimeSeconds },
    longestRunSeconds: backup.limits.durationSeconds,
    rehearsals: rehearsalPlans(cluster),
  }
}
