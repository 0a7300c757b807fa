import type { Cluster } from '../../../config/cluster.ts'
import type { Drill } from '../../../config/drills.ts'
import { leastAnswered } from '../../loadtest/goals.ts'
import type { Limit, Unit } from '../../records/measurement.ts'

/** What a goal is called in the texts. */
export const goalKeys = [
  ...(['rate', 'maxLost', 'p95', 'p99', 'minSuccess', 'websockets'] as const),
  ...(['firstWrite', 'lostRows', 'recoveryTime', 'recoveryPoint'] as const),
] as const

export type GoalKey = (typeof goalKeys)[number]

/** One number that the definition promises. */
export interface Goal {
  key: GoalKey
  /** Where it stands in the definition, as limits of measurements name it. */
  path: string
  is: Limit['is']
  target: number
  unit: Unit
  /** What proves it: the load test at the expected rate, or this drill. */
  provenBy: { kind: 'load'; name: 'average' } | { kind: 'drill'; name: Drill }
}

const average = { kind: 'load', name: 'average' } as const

/** Every goal of a definition, in the order of the report. */
export function goalsOf({ loadtests, handover, backup }: Pick<Cluster, 'loadtests' | 'handover' | 'backup'>): Goal[] {
  const { ratePerSecond, maxLostPercent, p95Ms, p99Ms, minSuccessPercent, websockets } = loadtests.goals
  const { recoveryTimeSeconds, recoveryPointSeconds, firstWriteSeconds, lostRows } = handover.goals
  const isArchived = backup.pitr !== undefined && !handover.drills.skip.includes('point-in-time')
  const load = (key: GoalKey, is: Limit['is'], target: number, unit: Unit): Goal => {
    return { key, path: `loadtests.goals.${key}`, is, target, unit, provenBy: average }
  }
  const drill = (name: Drill, key: GoalKey, target: number, unit: Unit): Goal => {
    return { key, path: `handover.goals.${key}`, is: 'at most', target, unit, provenBy: { kind: 'drill', name } }
  }
  return [
    load('rate', 'at least', leastAnswered(ratePerSecond, loadtests.goals), '/s'),
    load('maxLost', 'at most', maxLostPercent, '%'),
    load('p95', 'at most', p95Ms, 'ms'),
    load('p99', 'at most', p99Ms, 'ms'),
    load('minSuccess', 'at least', minSuccessPercent, '%'),
    // Without an address of a websocket nothing is promised of one.
    ...(hasWebsocket(loadtests.targets) ? [load('websockets', 'at least', websockets, 'count')] : []),
    drill('failover', 'firstWrite', firstWriteSeconds, 's'),
    ...(lostRows === undefined ? [] : [drill('failover', 'lostRows', lostRows, 'count')]),
    drill('restore', 'recoveryTime', recoveryTimeSeconds, 's'),
    // Where WAL is archived, a restore loses what the archive does not have, and not what the last backup does not have.
    drill(isArchived ? 'point-in-time' : 'restore', 'recoveryPoint', recoveryPointSeconds, 's'),
  ]
}

function hasWebsocket(targets: Cluster['loadtests']['targets']): boolean {
  return Object.values(targets).some((target) => /^wss?:/.test(target))
}
