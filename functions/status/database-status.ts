import type { CompleteSet } from '../archive/catalogue.ts'
import { isProven } from '../archive/catalogue-evidence.ts'
import { counts, holdersOf } from '../archive/held-sets.ts'
import { isFromFuture, startedMs } from '../archive/set-time.ts'
import type { Finding } from '../platform/check.ts'
import type { StoreListing } from '../runtime/list-stores.ts'
import type { DatabaseSets } from './status-facts.ts'
import type { BackupStatus, CopyStatus, DatabaseStatus, StatusVerdict } from './status-report.ts'

/** The sets of one database in each store that could be listed. */
export function setsOfDatabase(listings: readonly StoreListing[], database: string): DatabaseSets[] {
  return listings.flatMap((listing) => {
    if (!('sets' in listing)) return []
    const { name, location, isCopy, sets } = listing
    return [{ name, location, isCopy, sets: sets.filter(({ address }) => address.database === database) }]
  })
}

/**
 * What the stores say of one database's backups.
 *
 * @param findings of its checks; undefined when the store of its backups could not be listed.
 */
export function databaseStatus(
  database: string,
  listings: readonly StoreListing[],
  findings: readonly Finding[] | undefined,
  nowMs: number,
): DatabaseStatus {
  const stores = setsOfDatabase(listings, database)
  const sets = findings === undefined ? [] : (stores[0]?.sets ?? [])
  const complete = sets
    .filter((set) => set.state === 'complete')
    .filter((set) => !isFromFuture(startedMs(set), nowMs))
    .sort((a, b) => startedMs(b) - startedMs(a))
  const [newest] = complete
  const judged = latestVerification(complete)
  const proven = complete.find(({ verified }) => isProven(verified))
  return {
    database,
    verdict: verdictOfFindings(findings),
    completeSets: complete.length,
    damagedSets: sets.filter(({ state }) => state === 'damaged').length,
    ...(newest === undefined ? {} : { lastBackup: backupStatus(newest) }),
    ...(judged === undefined ? {} : { lastVerification: judged }),
    ...(proven === undefined ? {} : { newestProvenMs: startedMs(proven) }),
    copies: proven === undefined ? [] : listings.map((listing) => copyStatus(listing, proven)),
  }
}

function verdictOfFindings(findings: readonly Finding[] | undefined): StatusVerdict {
  if (findings === undefined) return 'unknown'
  return findings.some(({ status }) => status === 'fail') ? 'attention' : 'well'
}

function backupStatus({ address, summary }: CompleteSet): BackupStatus {
  const { startedAt, finishedAt, storedBytes, rawBytes, rows, tables } = summary
  const seconds = Math.max(0, (Date.parse(finishedAt) - Date.parse(startedAt)) / 1000)
  return { set: address.set, startedMs: Date.parse(startedAt), seconds, storedBytes, rawBytes, rows, tables }
}

function latestVerification(sets: readonly CompleteSet[]): DatabaseStatus['lastVerification'] {
  const judged = sets.flatMap(({ address, verified }) => (verified === undefined ? [] : [{ set: address.set, ...verified }]))
  return judged.toSorted((a, b) => b.atMs - a.atMs)[0]
}

function copyStatus(listing: StoreListing, { address }: CompleteSet): CopyStatus {
  const store = listing.name
  if (!('sets' in listing)) return { store, state: 'unknown' }
  const [holder] = holdersOf([listing], address)
  if (holder === undefined) return { store, state: 'missing' }
  return { store, state: counts(holder) ? 'held' : 'unproven' }
}
