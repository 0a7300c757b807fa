/** From the rate before it, evenly to `rate` requests a second, within `seconds`. */
export interface Stage {
  seconds: number
  rate: number
}

/** Load over time, of all targets together. */
export interface Shape {
  startRate: number
  stages: readonly Stage[]
}

const longestRampSeconds = 300
const shortestRampSeconds = 2

/** From nothing up to the rate, that rate for `seconds`, and down to nothing; a ramp takes `rampShare` of the plateau. */
export function plateau(rate: number, seconds: number, rampShare = { up: 1 / 6, down: 1 / 6 }): Shape {
  const ramp = (share: number) => Math.min(longestRampSeconds, Math.max(shortestRampSeconds, Math.round(seconds * share)))
  return {
    startRate: 0,
    stages: [
      { seconds: ramp(rampShare.up), rate },
      { seconds, rate },
      { seconds: ramp(rampShare.down), rate: 0 },
    ],
  }
}

/** One rate all the time. */
export function steady(rate: number, seconds: number): Shape {
  return { startRate: rate, stages: [{ seconds, rate }] }
}

export function secondsOf({ stages }: Shape): number {
  return stages.reduce((sum, { seconds }) => sum + seconds, 0)
}

/** Requests a second, at the most. */
export function peakOf({ startRate, stages }: Shape): number {
  return Math.max(startRate, ...stages.map(({ rate }) => rate))
}

/** How many requests the shape holds: the area under it. */
export function requestsOf({ startRate, stages }: Shape): number {
  let before = startRate
  let requests = 0
  for (const { seconds, rate } of stages) {
    requests += (seconds * (before + rate)) / 2
    before = rate
  }
  return requests
}
