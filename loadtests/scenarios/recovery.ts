import { type Shape, secondsOf, steady } from '../shape.ts'
import { type Scenario, toAll } from './part.ts'

const seconds = { before: 20, up: 10, down: 10, settle: 10, after: 60 }

/** Is it as fast as before, soon after a spike? Five times the goal where the plan names no peak. */
export const recovery: Scenario = (plan) => {
  const normal = plan.goals.ratePerSecond
  const spike: Shape = {
    startRate: normal,
    stages: [
      { seconds: seconds.before, rate: normal },
      { seconds: seconds.up, rate: plan.profiles.spikeRatePerSecond ?? 5 * normal },
      { seconds: seconds.down, rate: normal },
      { seconds: seconds.settle, rate: normal },
    ],
  }
  const startSeconds = secondsOf(spike)
  return [
    ...toAll(plan, { name: 'spike', shape: spike, judging: 'load' }),
    ...toAll(plan, { name: 'recovery', shape: steady(normal, seconds.after), startSeconds, judging: 'goals' }),
  ]
}
