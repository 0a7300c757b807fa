import type { ListedSet } from '../archive/catalogue.ts'
import type { SetFilter } from '../archive/catalogue-scan.ts'
import { databaseGroups } from '../archive/database-groups.ts'
import { type Check, fail } from '../platform/check.ts'
import type { StoreChoice } from '../runtime/definition/defined-store.ts'
import { type FreshnessLimits, freshnessFindings } from '../runtime/freshness-verdicts.ts'
import { lateDigests } from '../runtime/late-digests.ts'
import { listStores } from '../runtime/list-stores.ts'

/** Whose backups are judged, and where they are. */
export interface FreshnessQuestion {
  /** The first is where backups go, the others hold copies. */
  stores: readonly StoreChoice[]
  filter: SetFilter
  /** Databases that must have backups; those that the first store has sets of where it is empty. */
  databases: readonly string[]
  limits: FreshnessLimits
  env: NodeJS.ProcessEnv
  signal: AbortSignal
}

const noBackup = fail(
  'backup',
  'there is none',
  'Check the store, its prefix, --cluster and --database; `ballast list` shows sets.',
)

/** Judges every database. The first store must answer; a copy that does not is a finding. */
export async function storedFreshness(question: FreshnessQuestion): Promise<Check[]> {
  const { stores: choices, filter, limits, env, signal } = question
  const listings = await listStores(choices, filter, env, signal)
  const [[choice], [main]] = [choices, listings]
  if (choice === undefined || main === undefined) throw new Error('no store was listed')
  if ('failure' in main) throw main.failure
  const stores = listings.flatMap((listing) => ('sets' in listing ? [listing] : []))
  const problems = listings.flatMap((listing): Check[] => {
    if (!('failure' in listing)) return []
    const { message, hint } = listing.failure
    return [{ subject: listing.location, ...fail('store', message, hint) }]
  })
  const places = placesToCheck(filter, question.databases, main.sets)
  // Nothing to look at is not well: it is what a wrong prefix looks like.
  if (places.length === 0) return [{ subject: main.location, ...noBackup }, ...problems]
  const checks: Check[] = []
  for (const { cluster, database } of places) {
    const own = stores.map(({ name, isCopy, sets }) => ({
      ...{ name, isCopy },
      sets: sets.filter(({ address }) => address.cluster === cluster && address.database === database),
    }))
    const nowMs = Date.now()
    const { everythingWithin: within } = limits
    const digests = within && (await lateDigests(choice, own[0]?.sets ?? [], { within, nowMs, env, signal }))
    const findings = freshnessFindings(own, limits, nowMs, digests)
    checks.push(...findings.map((finding) => ({ subject: `${cluster}/${database}`, ...finding })))
  }
  return [...checks, ...problems]
}

/** A database of the definition that has never been backed up has no sets, and is checked all the same. */
function placesToCheck(
  { cluster }: SetFilter,
  databases: readonly string[],
  sets: readonly ListedSet[],
): { cluster: string; database: string }[] {
  if (cluster !== undefined && databases.length > 0) return databases.map((database) => ({ cluster, database }))
  return databaseGroups(sets, ({ address }) => address)
}
