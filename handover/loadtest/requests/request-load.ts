import { fileURLToPath } from 'node:url'
import type { RequestSeries } from '../../../functions/platform/k6/request-series.ts'
import { type K6Result, type K6Spec, runK6 } from '../../../functions/platform/k6/run-k6.ts'
import { isHttp, type LoadPlan } from '../../../loadtests/plan.ts'
import { partsOf } from '../../../loadtests/profiles.ts'
import { tagOf } from '../../../loadtests/thresholds.ts'
import type { RequestRun } from '../verdict/request-measurements.ts'
import { sizeOf } from './planned-requests.ts'
import { loadSummary } from './summary-schema.ts'

/** How a run of k6 ended. */
export interface RequestEnd extends RequestSeries {
  /** Why it was stopped; absent for one that went to its end. */
  stopped?: string
  /** Absent where it was stopped before k6 could say anything. */
  run?: RequestRun
}

/** k6 reads it as a file of its own: it is no module of this program. */
const script = fileURLToPath(`${new URL('../../../', import.meta.url)}loadtests/main.ts`)
const stepMs = 1_000
/** Beyond what is planned: to start, to wait for what is under way, and to sum up. */
const graceMs = 60_000

/**
 * Makes the requests of a plan.
 *
 * @param program path of k6.
 * @throws Failure when k6 itself failed.
 */
export async function loadByRequests(
  program: string,
  plan: LoadPlan,
  context: Pick<K6Spec, 'signal' | 'onStart' | 'onSample'>,
): Promise<RequestEnd> {
  const measured = partsOf(plan).filter(({ target, judging }) => isHttp(target) && judging !== 'down')
  const result = await runK6({
    ...{ program, script, plan, stepMs, ...context },
    timeoutMs: sizeOf(plan).seconds * 1000 + graceMs,
    measured: measured.map(tagOf),
  })
  return { points: result.points, answers: result.answers, ...endOf(result, plan) }
}

function endOf(result: K6Result, plan: LoadPlan): Omit<RequestEnd, keyof RequestSeries> {
  const run = result.summary === undefined ? {} : { run: { plan, summary: loadSummary.parse(result.summary) } }
  return result.ended === 'interrupted' ? { stopped: result.reason.message, ...run } : run
}
