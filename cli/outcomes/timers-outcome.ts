import type { Outcome } from '../../functions/platform/outcome.ts'
import type { FilePlan } from '../../functions/timers/file-plan.ts'
import type { LeftOut } from '../../functions/timers/runnable.ts'
import type { TimerState } from '../../functions/timers/unit-states.ts'

/** What rendering or installing did, or would do. With `check`, files that are not as rendered are not well. */
export function filesOutcome(
  operation: string,
  cluster: string,
  { changes }: FilePlan,
  { leftOut, check = false }: { leftOut: readonly LeftOut[]; check?: boolean },
): Outcome {
  const count = (change: string): number => changes.filter((file) => file.change === change).length
  const different = changes.filter(({ change }) => change !== 'same')
  const ok = !check || different.length === 0
  const message = `not as the definition makes it: ${different.map(({ path, change }) => `${path} (${change})`).join(', ')}`
  const hint = 'Run the command again without --check, and look at what it changes.'
  return {
    ...{ operation, subject: cluster, ok },
    ...(ok ? {} : { failure: { kind: 'unwell', message, hint } }),
    numbers: {
      ...{ filesNew: count('new'), filesChanged: count('changed'), filesSame: count('same'), filesRemoved: count('removed') },
    },
    details: { changes, leftOut },
  }
}

/** How the timers of a cluster fare: well when each of them is active, comes back at boot, and its last run did not fail. */
export function timersOutcome(cluster: string, states: readonly TimerState[]): Outcome {
  const stopped = states.filter(({ timer, enabled }) => timer !== 'active' || !enabled)
  const failed = states.filter(({ result }) => result === 'failed')
  const ok = stopped.length === 0 && failed.length === 0
  const message = [
    ...stopped.map(({ unit, timer }) => `${unit}.timer is ${timer === 'active' ? 'not enabled' : timer}`),
    ...failed.map(({ unit, failure }) => `${unit}.service failed (${failure})`),
  ].join('; ')
  const hint = 'Read `journalctl -u UNIT` of what failed; `ballast timers install` puts the timers back.'
  return {
    ...{ operation: 'timers status', subject: cluster, ok },
    ...(ok ? {} : { failure: { kind: 'unwell', message, hint } }),
    numbers: { timers: states.length, timersStopped: stopped.length, runsFailed: failed.length },
    details: { timers: states.map(timerDetails) },
  }
}

function timerDetails({ lastRunMs, nextRunMs, failure, ...state }: TimerState): object {
  const time = (ms: number | undefined): string | null => (ms === undefined ? null : new Date(ms).toISOString())
  return { ...state, failure: failure ?? null, lastRunAt: time(lastRunMs), nextRunAt: time(nextRunMs) }
}
