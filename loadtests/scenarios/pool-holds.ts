import { httpTargets, type Scenario } from './part.ts'

const timesEach = 5
const withinSeconds = 60

/**
 * Does the application answer more clients at once than the pool has connections? A closed load, as the question is about
 * clients and not about a rate. The clients are divided among the targets.
 */
export const poolHolds: Scenario = (plan) => {
  const targets = httpTargets(plan)
  const clients = Math.ceil(plan.poolClients / targets.length)
  return targets.map((target) => ({
    ...{ name: 'poolHolds', target, startSeconds: 0, judging: 'answers' },
    load: { kind: 'clients', clients, times: timesEach, withinSeconds },
  }))
}
