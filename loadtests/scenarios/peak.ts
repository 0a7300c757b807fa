import { plateau } from '../shape.ts'
import { type Scenario, toAll } from './part.ts'
import { plateauSeconds } from './plateau-seconds.ts'

/** Does it hold the promised peak? Twice the goal where the plan names no rate; up in a third of the plateau's time. */
export const peak: Scenario = (plan) => {
  const rate = plan.profiles.stressRatePerSecond ?? 2 * plan.goals.ratePerSecond
  return toAll(plan, { name: 'peak', shape: plateau(rate, plateauSeconds(plan), { up: 1 / 3, down: 1 / 6 }), judging: 'goals' })
}
