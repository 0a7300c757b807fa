import { nextDueMs } from '../../config/due.ts'
import { lastDays } from '../runtime/history/series.ts'
import type { StatusFacts } from './status-facts.ts'
import type { ReplicationStatus } from './status-report.ts'

/** A poll says how things are now until the next but one is late by this. */
const graceMs = 5 * 60_000
/** The same where no schedule is known. */
const unscheduledMs = 15 * 60_000

/** What is known of replication; undefined where there is none to be known of. */
export function replicationStatus(facts: StatusFacts): ReplicationStatus | undefined {
  const { defined, history, historyDays, asOfMs } = facts
  const series = 'value' in history ? history.value.series.find(({ operation }) => operation === 'replication') : undefined
  if (series === undefined && (defined?.expectedStandbys ?? 0) === 0) return undefined
  const isCurrent = series !== undefined && asOfMs <= currentUntilMs(series.last.atMs, facts)
  return {
    ...(defined === undefined
      ? {}
      : {
          expectedStandbys: defined.expectedStandbys,
          maxLagBytes: defined.replicationLimits.maxLagBytes,
          maxLagSeconds: defined.replicationLimits.maxLagTimeSeconds,
        }),
    ...(isCurrent ? { now: series.last } : {}),
    ...(series === undefined ? {} : { lastPollMs: series.last.atMs }),
    quarters: series?.quarters ?? [],
    days: series?.days ?? lastDays(historyDays, asOfMs).map((day) => ({ day, polls: 0 })),
  }
}

function currentUntilMs(lastMs: number, { defined, timeZone }: StatusFacts): number {
  const when = defined?.timetable.find(({ operation }) => operation === 'replication')?.when
  if (when === undefined) return lastMs + unscheduledMs
  return nextDueMs(when, timeZone, nextDueMs(when, timeZone, lastMs)) + graceMs
}
