import { plateau } from '../shape.ts'
import { type Scenario, toAll } from './part.ts'
import { plateauSeconds } from './plateau-seconds.ts'

/** Is the application fast enough at the expected rate? */
export const expectedLoad: Scenario = (plan) =>
  toAll(plan, { name: 'expectedLoad', shape: plateau(plan.goals.ratePerSecond, plateauSeconds(plan)), judging: 'goals' })
