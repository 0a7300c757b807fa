import type { LoadTests } from '../../config/cluster.ts'
import { parseDurationMs, parsePercent, parsePerSecond } from '../../config/units.ts'
import type { Verdict } from '../../config/verdict.ts'
import { type Goals, type JudgedGoals, judgedGoals } from '../../handover/loadtest/goals.ts'
import { configFailure } from './config-failure.ts'

/** Goals as options name them. */
export interface GoalOptions {
  rate?: string
  maxLost?: string
  p95?: string
  p99?: string
  minSuccess?: string
  websockets?: number
}

/** The goals of the definition, with those of the options in their place. @throws Failure of kind `config` for a bad one. */
export function chosenGoals({ goals, profiles }: LoadTests, options: GoalOptions): JudgedGoals {
  const given: Partial<Goals> = {
    ...(options.rate === undefined ? {} : { ratePerSecond: parsed('--rate', options.rate, parsePerSecond) }),
    ...(options.maxLost === undefined ? {} : { maxLostPercent: parsed('--max-lost', options.maxLost, parsePercent) }),
    ...(options.p95 === undefined ? {} : { p95Ms: parsed('--p95', options.p95, parseDurationMs) }),
    ...(options.p99 === undefined ? {} : { p99Ms: parsed('--p99', options.p99, parseDurationMs) }),
    ...(options.minSuccess === undefined
      ? {}
      : { minSuccessPercent: parsed('--min-success', options.minSuccess, parsePercent) }),
    ...(options.websockets === undefined ? {} : { websockets: options.websockets }),
  }
  const chosen = judgedGoals(goals, given)
  refuseContradictions(chosen.goals, profiles)
  return chosen
}

function parsed(option: string, text: string, parse: (raw: unknown) => Verdict<number>): number {
  const verdict = parse(text)
  if ('value' in verdict) return verdict.value
  throw configFailure(`${option}: ${verdict.rule}`, option, `Correct it: ${verdict.fix}.`)
}

/** What the definition's own rules refuse of goals, where an option has changed one. */
function refuseContradictions(goals: Goals, profiles: LoadTests['profiles']): void {
  const refuse = (option: string, message: string, hint: string): never => {
    throw configFailure(message, option, hint)
  }
  if (!(goals.ratePerSecond > 0)) refuse('--rate', 'the rate must be more than zero', "Give e.g. '50 /s'.")
  if (!(goals.p95Ms > 0)) refuse('--p95', 'the 95th percentile must be more than zero', "Give e.g. '200 ms'.")
  if (goals.p95Ms > goals.p99Ms) {
    refuse('--p99', `p99, ${goals.p99Ms} ms, is under p95, ${goals.p95Ms} ms`, 'Give a --p99 of at least p95.')
  }
  if (goals.maxLostPercent >= 50 || goals.minSuccessPercent < 50) {
    refuse(
      '--max-lost',
      'half of the requests lost or wrong proves nothing',
      'Allow fewer to be lost, and ask for more to be right.',
    )
  }
  for (const name of ['stressRate', 'spikeRate', 'breakpointRate'] as const) {
    const rate = profiles[`${name}PerSecond`]
    if (rate === undefined || rate > goals.ratePerSecond) continue
    refuse(
      '--rate',
      `loadtests.profiles.${name}, ${rate} /s, is not over it`,
      'Give a lower --rate, or raise that rate in the definition.',
    )
  }
}
