import { hostname } from 'node:os'
import { leaseKey } from '../archive/keys.ts'
import { combineOutcomes } from '../platform/combine-outcomes.ts'
import { toFailure } from '../platform/failure.ts'
import { conditionsAreAtomic } from '../platform/object-store/conditional-writes.ts'
import { openStore } from '../platform/object-store/open-store.ts'
import { failedOutcome, type Outcome } from '../platform/outcome.ts'
import { withFreshSecrets } from '../platform/secrets/fresh-secrets.ts'
import { atPath } from './definition/at-path.ts'
import { firstStore, firstStorePath } from './definition/defined-stores.ts'
import { acquireLease, type LeaseRequest } from './lease/acquire-lease.ts'
import { leaseLifeMs } from './lease/lease-life.ts'
import type { LeaseRecord } from './lease/lease-record.ts'
import { whileHeld } from './lease/while-held.ts'
import type { ScheduledRun } from './scheduled.ts'
import { startTimeBudget } from './time-budget.ts'

/** One of the things that a scheduled run works on, one after the other. */
export interface Target {
  /** For people and outcomes: `shop/app`, or a store. */
  subject: string
  /** Name of its lease: `backup-app`. */
  lease: string
}

/** What the work on one target is given. */
export interface TargetContext {
  /** Fires when the run is stopped, its time is used up, or its lease is lost. */
  signal: AbortSignal
  secondsLeft(): number
}

export interface WorkPlan<T extends Target> {
  operation: string
  of: 'databases' | 'stores'
  targets: readonly T[]
  /** While another run works on a target for something else. */
  whenBusy: 'leave' | 'wait'
  /** Most time for all of them. */
  limitSeconds: number
  work(target: T, context: TargetContext): Promise<Outcome>
}

/** Between a conditional write and the look at what came of it, where two may succeed. */
const settleMs = 1_000

/**
 * Works on one target after the other, each under its lease: one that fails does not stop the others. Where a password or key
 * was refused that had been looked up before, it is looked up again, once.
 */
export async function workThrough<T extends Target>(run: ScheduledRun, plan: WorkPlan<T>): Promise<Outcome> {
  const { operation, of, targets } = plan
  const budget = startTimeBudget(run, plan.limitSeconds)
  const signal = AbortSignal.any([run.signal, budget.signal])
  const outcomes: Outcome[] = []
  try {
    for (const target of targets) {
      run.note(`${operation} ${target.subject}`)
      const startedMs = Date.now()
      const outcome = await withFreshSecrets(() =>
        workOnTarget(run, plan, target, { signal, secondsLeft: budget.secondsLeft }),
      ).catch((thrown: unknown) => {
        const failure = toFailure(thrown, target.subject)
        const seconds = (Date.now() - startedMs) / 1000
        return failedOutcome(operation, target.subject, failure, { seconds })
      })
      outcomes.push(outcome)
    }
  } finally {
    budget.dispose()
  }
  return combineOutcomes(operation, run.cluster.name, outcomes, of)
}

async function workOnTarget<T extends Target>(
  run: ScheduledRun,
  { operation, whenBusy, work }: WorkPlan<T>,
  target: T,
  { signal, secondsLeft }: TargetContext,
): Promise<Outcome> {
  const { cluster, slot, dueMs, env, note } = run
  const settings = await firstStore(cluster, env)
  const store = openStore(settings)
  const request: LeaseRequest = {
    ...{ store, key: leaseKey(cluster.name, target.lease), slot, dueMs, signal, note, whenBusy },
    by: `${hostname()}, process ${process.pid}`,
    lifeMs: leaseLifeMs(env),
    settleMs: conditionsAreAtomic(settings) ? 0 : settleMs,
  }
  try {
    const acquired = await atPath(firstStorePath, () => acquireLease(request))
    if ('busy' in acquired) return busyOutcome(operation, target.subject, acquired.busy)
    return await whileHeld(request, acquired, (held) => work(target, { signal: held, secondsLeft }))
  } finally {
    store.close()
  }
}

/** Another run is doing it: nothing went wrong, and nothing is known yet of how it ends. */
function busyOutcome(operation: string, subject: string, { by, acquiredMs }: LeaseRecord): Outcome {
  return {
    ...{ operation, subject, ok: true },
    numbers: { alreadyRunning: true },
    details: { runningBy: by, since: new Date(acquiredMs).toISOString() },
  }
}
