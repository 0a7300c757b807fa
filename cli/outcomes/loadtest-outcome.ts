import type { Outcome } from '../../functions/platform/outcome.ts'
import type { Change } from '../../handover/loadtest/compare.ts'
import type { LoadRecord } from '../../handover/records/load-record.ts'
import { isMet } from '../../handover/records/measurement.ts'
import { verdictOf } from '../../handover/records/verdict.ts'

/** A load test that was run and kept. */
export interface KeptLoadTest {
  record: LoadRecord
  /** Where it is kept. */
  path: string
  /** The run that it is compared with. */
  previous: { startedAt: string; changes: readonly Change[] } | undefined
}

/** The Outcome of a load test: well when it passed; unwell when the system did not; failed when it tells nothing. */
export function loadtestOutcome({ record, path, previous }: KeptLoadTest): Outcome {
  const { cluster, name, on, state, startedAt, endedAt, scenarios, pgbench, findings, measurements } = record
  const verdict = verdictOf(record)
  const sum = (counts: readonly number[]): number => counts.reduce((total, count) => total + count, 0)
  return {
    ...{ operation: 'loadtest', subject: `${cluster} ${name} on ${on}`, ok: verdict === 'passed' },
    ...failureOf(record),
    numbers: {
      seconds: (Date.parse(endedAt) - Date.parse(startedAt)) / 1000,
      requests: sum(scenarios.map(({ requests }) => requests)),
      failedRequests: sum(scenarios.map(({ failed }) => failed)),
      transactions: sum(pgbench.map(({ transactions }) => transactions)),
      failedTransactions: sum(pgbench.map(({ failed }) => failed)),
      goalsMissed: measurements.filter((one) => isMet(one) === false).length,
      findings: findings.length,
    },
    details: { record: path, verdict, state, measurements, findings, scenarios, pgbench, previous },
  }
}

function failureOf(record: LoadRecord): Pick<Outcome, 'failure'> {
  const { state, reason = '', measurements, findings } = record
  if (state !== 'complete') {
    const kind = state === 'interrupted' ? 'transient' : 'permanent'
    const hint = 'What was measured until then is kept and proves nothing: run it again.'
    return { failure: { kind, message: `the load test did not go to its end: ${reason}`, hint } }
  }
  if (verdictOf(record) === 'passed') return {}
  const missed = measurements.filter((one) => isMet(one) === false).map(({ key }) => key)
  const goals = missed.length === 0 ? [] : [`missed: ${missed.join(', ')}`]
  const [first, ...others] = findings
  const found = first === undefined ? [] : [others.length === 0 ? first : `${first}, and ${others.length} more findings`]
  const message = [...goals, ...found].join('; ')
  const hint = 'Compare the seconds of the record: what waited (PgBouncer, locks, the processors) when answers became slow.'
  return { failure: { kind: 'unwell', message, hint } }
}
