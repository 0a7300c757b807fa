import type { LoadTests } from '../../../config/cluster.ts'
import type { LoadProfile } from '../../../config/load-profiles.ts'
import { Failure } from '../../../functions/platform/failure.ts'
import { isHttp, type LoadPlan, type Target } from '../../../loadtests/plan.ts'
import { askable, partsOf, peakRate, plannedSeconds } from '../../../loadtests/profiles.ts'
import { virtualUsersOf } from '../../../loadtests/virtual-users.ts'
import type { Goals } from '../goals.ts'

/** What requests are planned by. */
export interface RequestQuestion {
  profile: LoadProfile
  loadtests: LoadTests
  goals: Goals
  targets: readonly Target[]
  /** Of the plateau, in place of the definition's. */
  durationSeconds?: number | undefined
}

/** What a plan comes to. */
export interface PlanSize {
  /** Requests a second at the most; absent where none come by a rate. */
  ratePerSecond?: number
  /** How long that rate is held; absent where the profile has no plateau. */
  plateauSeconds?: number
  /** At the latest. */
  seconds: number
  virtualUsers: number
}

const plateaus = { average: 'averageDurationSeconds', stress: 'stressDurationSeconds', soak: 'soakDurationSeconds' } as const
/** How long the others are watched while their neighbour is down. */
const isolationSeconds = { smoke: 4, other: 30 }

/** The requests of a profile. @throws Failure of kind `config` where they are beyond the limits, or cannot be made. */
export function plannedRequests(question: RequestQuestion): LoadPlan {
  const { profile, goals, targets } = question
  const arrangedSeconds = profile === 'smoke' ? isolationSeconds.smoke : isolationSeconds.other
  return planned(question, { scenarios: askable(profile, { targets, goals }), arrangedSeconds })
}

/**
 * Requests at the goal's rate while somebody replaces the primary, who then ends them.
 *
 * @param arrangedSeconds how long they go on at the most.
 * @throws Failure of kind `config` where they are beyond the limits, or cannot be made.
 */
export function plannedFailover(question: Pick<RequestQuestion, 'loadtests' | 'targets'>, arrangedSeconds: number): LoadPlan {
  const { goals } = question.loadtests
  return planned({ ...question, profile: 'smoke', goals }, { scenarios: ['failover'], arrangedSeconds })
}

function planned(question: RequestQuestion, asked: Pick<LoadPlan, 'scenarios' | 'arrangedSeconds'>): LoadPlan {
  const { profile, loadtests, goals, targets } = question
  const plan: LoadPlan = {
    ...{ profile, targets, goals, limits: loadtests.limits, profiles: profilesOf(question) },
    poolClients: loadtests.pgbench.clients,
    ...asked,
  }
  sizeOf(plan)
  return plan
}

/** The same load to all others while one service is down; undefined where there are no others, or where they have just broken. */
export function plannedIsolation(plan: LoadPlan, downTarget: string): LoadPlan | undefined {
  if (plan.profile === 'breakpoint') return undefined
  const others = plan.targets.filter((target) => isHttp(target) && target.name !== downTarget)
  return others.length === 0 ? undefined : { ...plan, scenarios: ['isolation'], downTarget }
}

/** @throws Failure of kind `config` where the plan is beyond its limits, or cannot be made. */
export function sizeOf(plan: LoadPlan): PlanSize {
  try {
    const parts = partsOf(plan)
    const rate = peakRate(parts)
    const users = virtualUsersOf(parts, plan.limits.virtualUsers)
    return {
      ...(rate === undefined ? {} : { ratePerSecond: rate }),
      ...(hasPlateau(plan.profile) ? { plateauSeconds: plan.profiles[plateaus[plan.profile]] } : {}),
      seconds: plannedSeconds(parts),
      virtualUsers: users.reduce((sum, count) => sum + count, 0),
    }
  } catch (cause) {
    throw new Failure(`the load cannot be made: ${(cause as Error).message}`, {
      kind: 'config',
      subject: `profile ${plan.profile}`,
      cause,
      hint: 'Correct loadtests in the definition, or the option that says so.',
    })
  }
}

function hasPlateau(profile: LoadProfile): profile is keyof typeof plateaus {
  return Object.hasOwn(plateaus, profile)
}

function profilesOf({ profile, loadtests, durationSeconds }: RequestQuestion): LoadTests['profiles'] {
  if (durationSeconds === undefined) return loadtests.profiles
  if (hasPlateau(profile)) {
    return { ...loadtests.profiles, [plateaus[profile]]: durationSeconds }
  }
  throw new Failure(`the profile ${profile} has a duration of its own`, {
    ...{ kind: 'config', subject: '--duration' },
    hint: `Leave --duration out, or choose ${Object.keys(plateaus).join(', ')}.`,
  })
}
