import { isHttp } from '../plan.ts'
import { plateau, secondsOf } from '../shape.ts'
import type { Scenario } from './part.ts'
import { plateauSeconds } from './plateau-seconds.ts'

/** Do connections stay open? As many as the goal has, an equal share for each target, while the application is under load. */
export const websockets: Scenario = (plan) => {
  const targets = plan.targets.filter((target) => !isHttp(target))
  if (targets.length === 0) throw new Error('websockets needs a target with a ws or wss URL')
  if (plan.goals.websockets === 0) throw new Error('websockets needs goals.websockets, and it is 0')
  const sockets = Math.ceil(plan.goals.websockets / targets.length)
  const seconds = secondsOf(plateau(plan.goals.ratePerSecond, plateauSeconds(plan)))
  return targets.map((target) => ({
    ...{ name: 'websockets', target, startSeconds: 0, judging: 'sockets' },
    load: { kind: 'sockets', sockets, seconds },
  }))
}
