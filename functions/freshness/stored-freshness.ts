import { type ListedSet, listSets } from '../archive/catalogue.ts'
import type { SetFilter } from '../archive/catalogue-scan.ts'
import { type Check, fail } from '../platform/check.ts'
import { toFailure } from '../platform/failure.ts'
import { storeLocation } from '../platform/object-store/location.ts'
import { type StoreChoice, storeSettings } from '../runtime/definition/defined-store.ts'
import { withStore } from '../runtime/with-store.ts'
import { type FreshnessLimits, freshnessFindings } from './freshness-verdicts.ts'

/** Whose backups are judged, and where they are. */
export interface FreshnessQuestion {
  /** The store that backups go to. */
  first: StoreChoice
  /** The stores of copies. */
  others: readonly StoreChoice[]
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

/** All sets of a store that the filter lets through, or why they could not be listed. */
type Listing = { location: string } & ({ sets: ListedSet[] } | { problem: Check })

/** Judges every database. The first store must answer; a copy that does not is a finding. */
export async function storedFreshness(question: FreshnessQuestion): Promise<Check[]> {
  const { first, others, filter, limits } = question
  const main = await listStore(first, question)
  const listings: Listing[] = [main]
  for (const choice of others) listings.push(await listStore(choice, question).catch((error) => unlisted(choice, error)))
  const stores = listings.flatMap((listing) => ('sets' in listing ? [listing] : []))
  const problems = listings.flatMap((listing) => ('problem' in listing ? [listing.problem] : []))
  const places = placesToCheck(filter, question.databases, main.sets)
  // Nothing to look at is not well: it is what a wrong prefix looks like.
  if (places.length === 0) return [{ subject: main.location, ...noBackup }, ...problems]
  const checks = places.flatMap(({ cluster, database }): Check[] => {
    const own = stores.map(({ location, sets }) => ({
      location,
      sets: sets.filter(({ address }) => address.cluster === cluster && address.database === database),
    }))
    const findings = freshnessFindings(own, limits, Date.now())
    return findings.map((finding) => ({ subject: `${cluster}/${database}`, ...finding }))
  })
  return [...checks, ...problems]
}

async function listStore(
  choice: StoreChoice,
  { filter, env, signal }: FreshnessQuestion,
): Promise<{ location: string; sets: ListedSet[] }> {
  return await withStore(await storeSettings(choice, env), async (store, readStart) => {
    return { location: store.location, sets: await listSets(store, filter, { readStart, signal }) }
  })
}

function unlisted({ settings }: StoreChoice, error: unknown): Listing {
  const location = storeLocation(settings)
  const { message, hint } = toFailure(error, location)
  return { location, problem: { subject: location, ...fail('store', message, hint) } }
}

/** A database of the definition that has never been backed up has no sets, and is checked all the same. */
function placesToCheck(
  { cluster }: SetFilter,
  databases: readonly string[],
  sets: readonly ListedSet[],
): { cluster: string; database: string }[] {
  if (cluster !== undefined && databases.length > 0) return databases.map((database) => ({ cluster, database }))
  const found = new Map(sets.map(({ address }) => [`${address.cluster}/${address.database}`, address]))
  return [...found.values()].map(({ cluster: where, database }) => ({ cluster: where, database }))
}
