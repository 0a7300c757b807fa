import { freshnessFindings } from '../runtime/freshness-verdicts.ts'
import { concernsOf, type DatabaseFindings } from './concerns.ts'
import { databaseStatus, setsOfDatabase } from './database-status.ts'
import { nextBackupMs, operationStatuses } from './operation-status.ts'
import { judgedRehearsals, rehearsalStatus } from './rehearsal-status.ts'
import { replicationStatus } from './replication-status.ts'
import type { StatusFacts } from './status-facts.ts'
import type { Concern, DatabaseStatus, StatusReport, StatusVerdict, StoreStatus } from './status-report.ts'

/** How the cluster is, from everything that was learned of it. */
export function statusReport(facts: StatusFacts): StatusReport {
  const { cluster, title, environment, timeZone, asOfMs, renewByMs, openAlerts, historyDays } = facts
  const found = databasesOf(facts).map((database) => ({ database, findings: findingsOf(facts, database) }))
  const replication = replicationStatus(facts)
  const operations = operationStatuses(facts)
  const rehearsals = judgedRehearsals(facts)
  const concerns = concernsOf(facts, { databases: found, replication, operations, rehearsals })
  return {
    ...{ format: 1, cluster, title, ...(environment === undefined ? {} : { environment }) },
    ...{ timeZone, asOfMs, ...(renewByMs === undefined ? {} : { renewByMs }) },
    ...{ verdict: verdictOf(concerns), concerns },
    databases: found.map((one) => databaseOf(facts, one)),
    ...(replication === undefined ? {} : { replication }),
    operations,
    ...(openAlerts !== undefined && 'value' in openAlerts ? { openAlerts: [...openAlerts.value] } : {}),
    ...(rehearsals === undefined ? {} : { rehearsals: rehearsals.map(rehearsalStatus) }),
    ...{ stores: storesOf(facts), historyDays },
  }
}

/** Well only when nothing failed and everything that matters is known; warnings are shown, and change nothing. */
export function verdictOf(concerns: readonly Pick<Concern, 'status'>[]): StatusVerdict {
  if (concerns.some(({ status }) => status === 'fail')) return 'attention'
  return concerns.some(({ status }) => status === 'unknown') ? 'unknown' : 'well'
}

/** A database of the definition that has never been backed up has no sets, and is shown all the same. */
function databasesOf({ database, defined, listings }: StatusFacts): string[] {
  if (database !== undefined) return [database]
  const stored = listings.flatMap((listing) => ('sets' in listing ? listing.sets.map(({ address }) => address.database) : []))
  return [...new Set([...(defined?.databases ?? []), ...(defined === undefined ? stored : [])])]
}

function findingsOf({ listings, freshness, digests, asOfMs }: StatusFacts, database: string): DatabaseFindings['findings'] {
  const [main] = listings
  if (main === undefined || !('sets' in main)) return undefined
  return freshnessFindings(setsOfDatabase(listings, database), freshness, asOfMs, digests?.get(database))
}

function databaseOf(facts: StatusFacts, { database, findings }: DatabaseFindings): DatabaseStatus {
  const next = nextBackupMs(database, facts)
  const status = databaseStatus(database, facts.listings, findings, facts.asOfMs)
  return { ...status, ...(next === undefined ? {} : { nextBackupMs: next }) }
}

function storesOf({ listings }: StatusFacts): StoreStatus[] {
  return listings.map((listing) => {
    const { name, location } = listing
    if (!('sets' in listing)) return { name, location }
    const complete = listing.sets.filter((set) => set.state === 'complete')
    const storedBytes = complete.reduce((sum, { summary }) => sum + summary.storedBytes, 0)
    return { name, location, content: { completeSets: complete.length, storedBytes } }
  })
}
