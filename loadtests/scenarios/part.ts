import { isHttp, type LoadPlan, type Target } from '../plan.ts'
import type { Shape } from '../shape.ts'

/** How load is made. */
export type Load =
  /** Open: requests come at their rate, whether or not earlier ones were answered. This target's share of the shape. */
  | { kind: 'rate'; shape: Shape; share: number }
  /** Closed: so many clients at once, each of which asks `times` times, one answer after another. */
  | { kind: 'clients'; clients: number; times: number; withinSeconds: number }
  /** So many websockets, opened once and held. */
  | { kind: 'sockets'; sockets: number; seconds: number }

/**
 * What is judged:
 * - `goals`: all of the goals;
 * - `answers`: only that answers come, and are right;
 * - `load`: only that the load was really there;
 * - `limits`: the goals, of which each ends the run once it is missed;
 * - `counts`: nothing but that there is something to count;
 * - `sockets`: that connections stay open;
 * - `down`: that nothing answers.
 */
export type Judging = 'goals' | 'answers' | 'load' | 'limits' | 'counts' | 'sockets' | 'down'

/** What one scenario does to one target; k6 calls this a scenario. */
export interface Part {
  /** Name of the scenario, or of a part of it. */
  name: string
  target: Target
  load: Load
  startSeconds: number
  judging: Judging
}

/** Builds a scenario's parts. @throws Error where the plan has not what the question needs. */
export type Scenario = (plan: LoadPlan) => Part[]

/** The same load to every target that gets requests, an equal share each. */
export function toAll(plan: LoadPlan, part: { name: string; shape: Shape; startSeconds?: number; judging: Judging }): Part[] {
  const { name, shape, startSeconds = 0, judging } = part
  const targets = httpTargets(plan)
  return targets.map((target) => ({
    ...{ name, target, startSeconds, judging },
    load: { kind: 'rate', shape, share: 1 / targets.length },
  }))
}

/** @throws Error where there is none. */
export function httpTargets(plan: LoadPlan): Target[] {
  const targets = plan.targets.filter(isHttp)
  if (targets.length === 0) throw new Error('the plan has no target with an http or https URL')
  return targets
}
