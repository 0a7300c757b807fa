import { join } from 'node:path'
import type { Failure } from '../../functions/platform/failure.ts'
import { type K6Result, type K6Spec, runK6 } from '../../functions/platform/k6/run-k6.ts'
import type { LoadPlan } from '../../loadtests/plan.ts'
import { partsOf } from '../../loadtests/profiles.ts'
import type { LoadSummary, ThresholdResult } from '../../loadtests/summary.ts'
import { tagOf } from '../../loadtests/thresholds.ts'
import { requireK6 } from '../../tools/k6/find.ts'

/** As {@link K6Result}, with the summary that our script writes. */
export type LoadRun = Omit<K6Result, 'summary'> & { summary?: LoadSummary | undefined; reason?: Failure }

const withinMs = 120_000

/** Runs a plan with the real k6; with our own script, unless another is named. */
export async function runPlan(plan: LoadPlan, more: Partial<K6Spec> = {}): Promise<LoadRun> {
  const { path } = await requireK6(process.env)
  const script = join(import.meta.dirname, '../../loadtests/main.ts')
  const measured = partsOf(plan)
    .filter(({ judging }) => judging !== 'sockets' && judging !== 'down')
    .map(tagOf)
  const result = await runK6({ program: path, script, plan, timeoutMs: withinMs, stepMs: 1_000, measured, ...more })
  return result as LoadRun
}

/** The thresholds that were not met, as `key of target`. */
export function missedIn({ summary }: LoadRun): string[] {
  return thresholdsIn(summary)
    .filter(({ met }) => !met)
    .map(({ key, target }) => `${key} of ${target}`)
}

function thresholdsIn(summary: LoadSummary | undefined): ThresholdResult[] {
  if (summary === undefined) throw new Error('the run has no summary')
  return summary.thresholds
}
