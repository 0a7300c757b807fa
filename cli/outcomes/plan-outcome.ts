import type { PlanOfScale, ScaleQuestion } from '../../functions/backup/scale/plan-of-scale.ts'
import type { Outcome } from '../../functions/platform/outcome.ts'

/** A plan, what it answers, and in words where its rates come from. */
export interface MadePlan {
  question: ScaleQuestion
  plan: PlanOfScale
  ratesFrom: { copy: string; stored: string }
}

/** A plan for programs. One that would not come to its end is not well. */
export function planOutcome(subject: string, { question, plan, ratesFrom }: MadePlan): Outcome {
  const { run, costs, load, limits } = plan
  const ended = limits.filter(({ passed, ends }) => passed && ends)
  const message = `the run would not come to its end: ${ended.map(({ what }) => what).join(', ')}`
  const hint = ended.map(({ what, fix }) => `${what}: ${fix}`).join('; ')
  const { put, part, create, complete, get, head, list } = run.requests
  return {
    ...{ operation: 'plan', subject, ok: ended.length === 0 },
    ...(ended.length === 0 ? {} : { failure: { kind: 'unwell', message, hint, code: 'OverLimit' } }),
    numbers: {
      ...{
        units: plan.units,
        batches: plan.batches,
        workers: plan.workers,
        seconds: Math.round(run.seconds),
        bound: plan.bound,
      },
      ...{ holders: run.holders, calls: run.calls.copy + run.calls.hold + run.calls.other },
      ...{ storedBytes: Math.round(run.storedBytes), requests: put + part + create + complete + get + head + list },
      ...{ usDollarsOfRun: cents(costs.run), usDollarsOfMonth: cents(costs.storageMonth), connections: load.connections },
      ...{ readBytesPerSecond: Math.round(load.readBytesPerSecond), snapshotSeconds: Math.round(load.snapshotSeconds) },
    },
    details: { question, ratesFrom, ...plan },
  }
}

function cents(dollars: number): number {
  return Math.round(dollars * 100) / 100
}
