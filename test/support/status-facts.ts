import type { CompleteSet } from '../../functions/archive/catalogue.ts'
import { formatSetName } from '../../functions/archive/set-name.ts'
import { addPoll, monthOf } from '../../functions/runtime/history/add-poll.ts'
import type { HistoryDocument } from '../../functions/runtime/history/history-document.ts'
import type { Poll } from '../../functions/runtime/history/poll.ts'
import { assembleSeries } from '../../functions/runtime/history/series.ts'
import type { StatusFacts } from '../../functions/status/status-facts.ts'
import { sampleManifest } from './manifests.ts'

/** Wednesday, 25 November 2026, 13:17:30 in São Paulo. */
export const sampleNowMs = Date.parse('2026-11-25T16:17:30Z')
const minuteMs = 60_000
const hourMs = 60 * minuteMs
const dayMs = 24 * hourMs

/** One backup of a database, so many hours ago. */
export function backupOf(
  database: string,
  hoursAgo: number,
  options: { bytes?: number; verdict?: 'equal' | 'different' } = {},
): CompleteSet {
  const { bytes = 1_240_000_000, verdict } = options
  const startedMs = sampleNowMs - hoursAgo * hourMs
  const set = formatSetName({ startedMs: Math.floor(startedMs / 1000) * 1000, run: 'daily' })
  return {
    state: 'complete',
    address: { cluster: 'shop', database, set },
    publishedMs: startedMs + 4 * minuteMs,
    summary: {
      ...sampleManifest().summary,
      ...{ set, cluster: 'shop', database, tables: 42, rows: Math.round(bytes / 90), rawBytes: bytes * 4, storedBytes: bytes },
      startedAt: new Date(startedMs).toISOString(),
      finishedAt: new Date(startedMs + 4 * minuteMs).toISOString(),
    },
    ...(verdict && { verified: { atMs: startedMs + 2 * hourMs, verdict } }),
  }
}

/** A backup of whose rows verification compared a part, so many hours ago. */
export function sampledBackup(database: string, hoursAgo: number): CompleteSet {
  const set = backupOf(database, hoursAgo)
  const digests = { tables: 9, ofTables: 42, percent: 21 }
  return { ...set, verified: { atMs: set.publishedMs + 2 * hourMs, verdict: 'sampled', digests } }
}

/** A copy that was read back and found equal to its source. */
export function compared(set: CompleteSet): CompleteSet {
  return { ...set, comparedMs: set.publishedMs + hourMs }
}

/** The history that these runs leave. */
export function historyOf(
  runs: readonly { operation: string; slot?: string; polls: readonly Poll[] }[],
  nowMs = sampleNowMs,
  days = 90,
) {
  const documents = runs.flatMap(({ operation, slot, polls }) => {
    const months = new Map<string, HistoryDocument>()
    for (const poll of polls) {
      const month = monthOf(poll.atMs)
      months.set(month, addPoll(months.get(month), { operation, ...(slot === undefined ? {} : { slot }) }, poll))
    }
    return [...months.values()]
  })
  return { value: { series: assembleSeries(documents, days, nowMs), problems: [] } }
}

/** Polls at an even distance, the last one at `lastMs`; `change` says what is special about one. */
export function pollsUntil(
  lastMs: number,
  everyMs: number,
  days: number,
  change: (atMs: number) => Partial<Poll> = () => ({}),
): Poll[] {
  const count = Math.floor((days * dayMs) / everyMs)
  return Array.from({ length: count }, (_, index) => {
    const atMs = lastMs - (count - 1 - index) * everyMs
    return { atMs, result: 'good', failedChecks: [], ...change(atMs) }
  })
}

/** A small cluster in good order: one database, two stores, a history of all that runs. */
export function wellFacts(changed: Partial<StatusFacts> = {}): StatusFacts {
  const sets = [backupOf('shop', 3), backupOf('shop', 27, { verdict: 'equal' }), backupOf('shop', 51, { verdict: 'equal' })]
  return {
    ...{ cluster: 'shop', title: 'Loja Exemplo', environment: 'production', timeZone: 'America/Sao_Paulo' },
    ...{ asOfMs: sampleNowMs, renewByMs: sampleNowMs + 20 * minuteMs, historyDays: 90 },
    listings: [
      { name: 'main', location: 's3://shop-backups-sa/ballast', isCopy: false, sets },
      { name: 'nas', location: 'file:///mnt/nas/ballast', isCopy: true, sets: sets.slice(1).map(compared) },
    ],
    freshness: { maxAgeSeconds: 26 * 3600, maxVerifiedAgeSeconds: 50 * 3600, maxShrinkPercent: 30, minCopies: 2 },
    history: historyOf([
      {
        operation: 'replication',
        polls: pollsUntil(sampleNowMs - 20_000, 15 * minuteMs, 90, () => ({ lagBytes: 120_000, lagSeconds: 0.1 })),
      },
      { operation: 'backup', slot: 'daily', polls: pollsUntil(sampleNowMs - 3 * hourMs, dayMs, 90) },
    ]),
    ...changed,
  }
}
