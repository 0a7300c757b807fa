import { Failure } from '../../functions/platform/failure.ts'
import type { LoadPlan } from '../../loadtests/plan.ts'
import { type FoundK6, requireK6 } from '../../tools/k6/find.ts'
import { type DatabaseLoad, type DatabaseLoads, openDatabaseLoads } from './database/database-load.ts'
import { plannedLoads } from './database/planned-loads.ts'
import { type PoolerFacts, readPooler } from './database/pooler-facts.ts'
import type { LoadTest } from './load-test.ts'
import { type PlanSize, plannedIsolation, plannedRequests, sizeOf } from './requests/planned-requests.ts'
import { reachTargets, refuseForeignTargets } from './requests/targets.ts'

/** All that a load test needs, found and looked at before any load is made. */
export interface PreparedLoadTest {
  k6: FoundK6
  requests: LoadPlan
  isolation: LoadPlan | undefined
  database: { loads: DatabaseLoads; plans: readonly DatabaseLoad[]; pooler: PoolerFacts } | undefined
  size: PlanSize
}

/** @throws Failure where anything is missing, out of reach or beyond the limits; nothing was loaded then, and nothing is left. */
export async function prepareLoadTest(test: LoadTest): Promise<PreparedLoadTest> {
  const { definition, profile, goals, targets, site, neighbour, durationSeconds, env, signal } = test
  const { loadtests } = definition
  const requests = plannedRequests({ profile, loadtests, goals: goals.goals, targets, durationSeconds })
  const isolation = neighbour === undefined ? undefined : plannedIsolation(requests, neighbour.target)
  refuseForeignTargets(targets, definition)
  const k6 = await requireK6(env)
  await reachTargets(targets, signal)
  const pooler = site === undefined ? undefined : await readPooler(site.monitor.console, site.pooler.database, signal)
  const plans = pooler === undefined ? [] : plannedLoads(profile, loadtests, pooler)
  const size = wholeSize([requests, ...(isolation === undefined ? [] : [isolation])], plans)
  refuseTooLong(size.seconds, loadtests.limits.durationSeconds)
  const loads = site === undefined ? undefined : await openDatabaseLoads(site, env, signal)
  const database = loads === undefined || pooler === undefined ? undefined : { loads, plans, pooler }
  return { k6, requests, isolation, database, size }
}

/** One after another. */
function wholeSize(plans: readonly LoadPlan[], loads: readonly DatabaseLoad[]): PlanSize {
  const sizes = plans.map(sizeOf)
  const [first] = sizes
  const seconds = [...sizes, ...loads].reduce((sum, one) => sum + one.seconds, 0)
  return { ...first, seconds, virtualUsers: Math.max(...sizes.map(({ virtualUsers }) => virtualUsers)) }
}

function refuseTooLong(seconds: number, most: number): void {
  if (seconds <= most) return
  throw new Failure(`with pgbench this takes ${seconds} s, and loadtests.limits.duration is ${most} s`, {
    ...{ kind: 'config', subject: 'loadtests.limits.duration' },
    hint: 'Shorten loadtests.pgbench.duration or the profile, or raise the limit.',
  })
}
