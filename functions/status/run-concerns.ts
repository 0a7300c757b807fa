import { nextDueMs } from '../../config/due.ts'
import type { StatusFacts } from './status-facts.ts'
import type { Concern, OperationStatus } from './status-report.ts'

/** These say how things were at their last run; the status looks at the same things itself, or says so in its own way. */
const judgedElsewhere: ReadonlySet<string> = new Set(['freshness', 'replication'])
const watchGraceMs = 15 * 60_000

/** What the runs of the timetable say: the last one was not good, or the next one did not come. */
export function runConcerns(facts: StatusFacts, operations: readonly OperationStatus[]): Concern[] {
  return operations.flatMap((operation) => [...lastRunConcerns(operation), ...overdueConcerns(operation, facts)])
}

/** `backup (daily)`. */
export function operationName({ operation, slot }: Pick<OperationStatus, 'operation' | 'slot'>): string {
  return slot === undefined ? operation : `${operation} (${slot})`
}

function lastRunConcerns(status: OperationStatus): Concern[] {
  const { operation, last } = status
  if (last === undefined || last.result === 'good' || judgedElsewhere.has(operation)) return []
  const finding = last.message ?? 'the last run was not good'
  const fix = 'Look at the log of that run; run it by hand when the cause is gone.'
  return [{ code: 'run', status: 'fail', subject: operationName(status), finding, fix }]
}

function overdueConcerns(status: OperationStatus, facts: StatusFacts): Concern[] {
  const { operation, slot, last } = status
  const entry = facts.defined?.timetable.find((one) => one.operation === operation && one.slot === slot)
  if (entry === undefined || operation === 'replication') return []
  const subject = operationName(status)
  const fix = 'See whether its schedule is switched on, and look at its log.'
  if (last === undefined) {
    // What runs once a week has no run yet in the first one; freshness runs often, and alarms when nothing else does.
    const isWatch = operation === 'freshness'
    return isWatch ? [{ code: 'unwatched', status: 'unknown', subject, finding: 'it has never run by schedule', fix }] : []
  }
  const graceMs = operation === 'freshness' ? watchGraceMs : (facts.defined?.longestRunSeconds ?? 0) * 1000
  const due = nextDueMs(entry.when, facts.timeZone, last.atMs)
  if (due + graceMs >= facts.asOfMs) return []
  const finding = `no run since ${new Date(last.atMs).toISOString()}; one was due at ${new Date(due).toISOString()}`
  const isWatch = operation === 'freshness'
  return [{ code: 'overdue', status: isWatch ? 'unknown' : 'warn', subject, finding, fix }]
}
