import type { LoadTests } from '../../config/cluster.ts'

/** What is promised, as numbers. */
export type Goals = LoadTests['goals']

/** Goals by the name that a definition has for them. */
export const goalNames = ['rate', 'maxLost', 'p95', 'p99', 'minSuccess', 'websockets'] as const

export type GoalName = (typeof goalNames)[number]

/** What a load test is held to, and where each promise stands: `loadtests.goals.p95`, or `--p95`. */
export interface JudgedGoals {
  goals: Goals
  from: Readonly<Record<GoalName, string>>
}

/** The goals of a definition, with some of them replaced on the command line. */
export function judgedGoals(defined: Goals, given: Partial<Goals> = {}): JudgedGoals {
  const fields: Record<GoalName, keyof Goals> = {
    ...{ rate: 'ratePerSecond', maxLost: 'maxLostPercent', p95: 'p95Ms', p99: 'p99Ms' },
    ...{ minSuccess: 'minSuccessPercent', websockets: 'websockets' },
  }
  const option = (name: GoalName): string => `--${name.replace(/[A-Z]/g, (letter) => `-${letter.toLowerCase()}`)}`
  const origins = goalNames.map((name) => {
    return [name, given[fields[name]] === undefined ? `loadtests.goals.${name}` : option(name)]
  })
  return { goals: { ...defined, ...given }, from: Object.fromEntries(origins) as JudgedGoals['from'] }
}

/** The least rate of right answers that keeps the promises: of what is due so much may be lost, and of the rest so much be wrong. */
export function leastAnswered(ratePerSecond: number, { maxLostPercent, minSuccessPercent }: Goals): number {
  return ratePerSecond * (1 - maxLostPercent / 100) * (minSuccessPercent / 100)
}
