import { type Scenario, toAll } from './part.ts'

const rampSeconds = 300

/** Where does it break? From the goal's rate evenly up, to twenty times as much where the plan names no end. */
export const breakpoint: Scenario = (plan) => {
  const { ratePerSecond } = plan.goals
  const end = plan.profiles.breakpointRatePerSecond ?? 20 * ratePerSecond
  const shape = { startRate: ratePerSecond, stages: [{ seconds: rampSeconds, rate: end }] }
  return toAll(plan, { name: 'breakpoint', shape, judging: 'limits' })
}
