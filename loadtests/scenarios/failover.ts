import { steady } from '../shape.ts'
import { type Scenario, toAll } from './part.ts'

/** What happens to requests while the primary is replaced? They are counted; who replaces it judges. */
export const failover: Scenario = (plan) =>
  toAll(plan, { name: 'failover', shape: steady(plan.goals.ratePerSecond, plan.arrangedSeconds), judging: 'counts' })
