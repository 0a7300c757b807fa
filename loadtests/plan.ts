/** What load tests are called; the same as in the cluster definition. */
export type ProfileName = 'smoke' | 'average' | 'stress' | 'spike' | 'soak' | 'breakpoint'

/**
 * The questions:
 * - `expectedLoad`: is the application fast enough at the expected rate?
 * - `peak`: does it hold the promised peak?
 * - `breakpoint`: where does it break?
 * - `recovery`: is it as fast as before, soon after a spike?
 * - `isolation`: does one service stay up while its neighbour is down?
 * - `websockets`: do connections stay open?
 * - `poolHolds`: does the application answer more clients at once than the pool has connections?
 * - `failover`: what happens to requests while the primary is replaced?
 */
export const scenarioNames = [
  'expectedLoad',
  'peak',
  'breakpoint',
  'recovery',
  'isolation',
  'websockets',
  'poolHolds',
  'failover',
] as const

export type ScenarioName = (typeof scenarioNames)[number]

/** One request of a target, and the answer that is right. */
export interface PlannedRequest {
  method: 'GET' | 'POST'
  /** Added to the target's URL. */
  path: string
  /** Sent as JSON. */
  body?: string
  /** Status of the right answer; without one, all from 200 to 399 are. */
  status?: number
  /** Text that the right answer holds. */
  contains?: string
}

/** A service of the application. */
export interface Target {
  name: string
  /** `http` and `https` get requests, `ws` and `wss` get connections. */
  url: string
  /** Sent one after another, over and over; a GET of the URL itself where there are none. */
  requests?: readonly PlannedRequest[]
}

/** What is promised; as the definition's `loadtests.goals`. */
export interface Goals {
  /** Of all targets together: each gets the same share. */
  ratePerSecond: number
  /** Of all requests, those without any answer. */
  maxLostPercent: number
  p95Ms: number
  p99Ms: number
  /** Of all answers, those that are right. */
  minSuccessPercent: number
  /** Connections that stay open. */
  websockets: number
}

/** All that a run of k6 is told, as one JSON. */
export interface LoadPlan {
  profile: ProfileName
  scenarios: readonly ScenarioName[]
  targets: readonly Target[]
  goals: Goals
  /** As the definition's `loadtests.profiles`. */
  profiles: {
    stressRatePerSecond?: number | undefined
    spikeRatePerSecond?: number | undefined
    breakpointRatePerSecond?: number | undefined
    averageDurationSeconds: number
    stressDurationSeconds: number
    soakDurationSeconds: number
  }
  /** As the definition's `loadtests.limits`; a plan beyond them is refused. */
  limits: { virtualUsers: number; durationSeconds: number }
  /** How many clients `poolHolds` has. */
  poolClients: number
  /** How long `isolation` and `failover` are under load. */
  arrangedSeconds: number
  /** Name of the target that somebody took down, for `isolation`. */
  downTarget?: string
}

/** A target that gets requests, rather than connections. */
export function isHttp({ url }: Target): boolean {
  return url.startsWith('http')
}
