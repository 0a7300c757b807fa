import { isHttp, type LoadPlan, type ProfileName, type ScenarioName, scenarioNames } from './plan.ts'
import { breakpoint } from './scenarios/breakpoint.ts'
import { expectedLoad } from './scenarios/expected-load.ts'
import { failover } from './scenarios/failover.ts'
import { isolation } from './scenarios/isolation.ts'
import type { Part, Scenario } from './scenarios/part.ts'
import { peak } from './scenarios/peak.ts'
import { poolHolds } from './scenarios/pool-holds.ts'
import { recovery } from './scenarios/recovery.ts'
import { websockets } from './scenarios/websockets.ts'
import { peakOf, secondsOf } from './shape.ts'

const scenarios: Readonly<Record<ScenarioName, Scenario>> = {
  ...{ expectedLoad, peak, breakpoint, recovery, isolation, websockets, poolHolds, failover },
}

/** Which questions a profile asks. */
export const profileScenarios: Readonly<Record<ProfileName, readonly ScenarioName[]>> = {
  smoke: ['expectedLoad', 'websockets', 'poolHolds'],
  average: ['expectedLoad', 'websockets', 'poolHolds'],
  stress: ['peak', 'websockets', 'poolHolds'],
  spike: ['recovery'],
  soak: ['expectedLoad', 'websockets'],
  breakpoint: ['breakpoint'],
}

/** Questions for which somebody takes something down: any profile may ask them, and none does by itself. */
export const arrangedScenarios: readonly ScenarioName[] = ['isolation', 'failover']

/** Those of a profile's questions that can be asked: there are no websockets where none are promised or served. */
export function askable(profile: ProfileName, plan: Pick<LoadPlan, 'targets' | 'goals'>): ScenarioName[] {
  const hasSockets = plan.goals.websockets > 0 && !plan.targets.every(isHttp)
  return profileScenarios[profile].filter((name) => name !== 'websockets' || hasSockets)
}

/**
 * What the plan's scenarios do, to each target. `poolHolds` comes after all others, which it would disturb.
 *
 * @throws Error that says what is wrong with the plan.
 */
export function partsOf(plan: LoadPlan): Part[] {
  refuseBadPlan(plan)
  const parts = scenarioNames
    .filter((name) => plan.scenarios.includes(name) && name !== 'poolHolds')
    .flatMap((name) => scenarios[name](plan))
  const startSeconds = plannedSeconds(parts)
  const last = plan.scenarios.includes('poolHolds') ? scenarios.poolHolds(plan) : []
  const all = [...parts, ...last.map((part) => ({ ...part, startSeconds }))]
  const seconds = plannedSeconds(all)
  if (seconds > plan.limits.durationSeconds) {
    throw new Error(`this takes ${seconds} s, and limits.duration is ${plan.limits.durationSeconds} s`)
  }
  return all
}

/** When the last part is over at the latest, without what is still under way then. */
export function plannedSeconds(parts: readonly Part[]): number {
  return parts.reduce((last, part) => Math.max(last, part.startSeconds + secondsOfPart(part)), 0)
}

/** The most requests a second that any of the parts come to, of all targets together; undefined without a rate. */
export function peakRate(parts: readonly Part[]): number | undefined {
  const peaks = parts.flatMap(({ load }) => (load.kind === 'rate' ? [peakOf(load.shape)] : []))
  return peaks.length === 0 ? undefined : Math.max(...peaks)
}

function secondsOfPart({ load }: Part): number {
  if (load.kind === 'rate') return secondsOf(load.shape)
  return load.kind === 'clients' ? load.withinSeconds : load.seconds
}

function refuseBadPlan(plan: LoadPlan): void {
  const asked = [...profileScenarios[plan.profile], ...arrangedScenarios]
  const foreign = plan.scenarios.filter((name) => !asked.includes(name))
  if (foreign.length > 0) throw new Error(`the profile ${plan.profile} has no scenario ${foreign.join(', ')}`)
  if (plan.scenarios.length === 0) throw new Error('the plan has no scenarios')
  const names = plan.targets.map(({ name }) => name)
  if (new Set(names).size < names.length) throw new Error('two targets have the same name')
  if (!(plan.goals.ratePerSecond > 0)) throw new Error('goals.rate must be more than zero')
}
