import { steady } from '../shape.ts'
import { httpTargets, type Scenario, toAll } from './part.ts'

const probesPerSecond = 1

/**
 * Does one service stay up while its neighbour is down? The others get the goal's rate, and the one that is down gets a
 * request a second, which must find nobody: a neighbour that is up proves nothing.
 */
export const isolation: Scenario = (plan) => {
  const down = httpTargets(plan).find(({ name }) => name === plan.downTarget)
  if (down === undefined) throw new Error('isolation needs downTarget: the name of the target that was taken down')
  const others = { ...plan, targets: plan.targets.filter((target) => target !== down) }
  const shape = steady(plan.goals.ratePerSecond, plan.arrangedSeconds)
  const probes = { ...plan, targets: [{ name: down.name, url: down.url }] }
  return [
    ...toAll(others, { name: 'isolation', shape, judging: 'goals' }),
    ...toAll(probes, { name: 'neighbour', shape: steady(probesPerSecond, plan.arrangedSeconds), judging: 'down' }),
  ]
}
