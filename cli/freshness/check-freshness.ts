import type { Cluster } from '../../config/cluster.ts'
import { type ListedSet, listSets } from '../../functions/archive/catalogue.ts'
import type { SetFilter } from '../../functions/archive/catalogue-scan.ts'
import { type FreshnessLimits, freshnessFindings } from '../../functions/freshness/freshness-verdicts.ts'
import { type Check, fail } from '../../functions/platform/check.ts'
import { storeLocation } from '../../functions/platform/object-store/location.ts'
import { type StoreChoice, storeSettings } from '../../functions/runtime/definition/defined-store.ts'
import type { ScopeOptions, StoreOptions } from '../options.ts'
import { asFailure } from '../run/as-failure.ts'
import { withStore } from '../run/with-store.ts'
import { setFilter } from '../settings/scope.ts'
import { chooseStore, chooseStores } from '../settings/store-choice.ts'

const noBackup = fail(
  'backup',
  'there is none',
  'Check the store, its prefix, --cluster and --database; `ballast list` shows sets.',
)

/** All sets of a store that the filter lets through, or why they could not be listed. */
type Listing = { location: string } & ({ sets: ListedSet[] } | { problem: Check })

/**
 * Judges every database: those of the definition that are backed up, or those that the store has sets of. The first store
 * must answer; a copy that does not is a finding.
 */
export async function checkFreshness(
  options: ScopeOptions & StoreOptions,
  definition: Cluster | undefined,
  limits: FreshnessLimits,
  signal: AbortSignal,
): Promise<Check[]> {
  const filter = setFilter(options, definition)
  const chosen = chooseStores(options, definition, process.env)
  const [first = chooseStore(options, definition, process.env), ...others] = chosen
  const main = await listStore(first, filter, signal)
  const listings: Listing[] = [main]
  for (const choice of others) listings.push(await listStore(choice, filter, signal).catch((error) => unlisted(choice, error)))
  const stores = listings.flatMap((listing) => ('sets' in listing ? [listing] : []))
  const problems = listings.flatMap((listing) => ('problem' in listing ? [listing.problem] : []))
  const databases = databasesToCheck(filter, definition, main.sets)
  // Nothing to look at is not well: it is what a wrong prefix looks like.
  if (databases.length === 0) return [{ subject: main.location, ...noBackup }, ...problems]
  const checks = databases.flatMap(({ cluster, database }): Check[] => {
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
  filter: SetFilter,
  signal: AbortSignal,
): Promise<{ location: string; sets: ListedSet[] }> {
  return await withStore(await storeSettings(choice, process.env), async (store, readStart) => {
    return { location: store.location, sets: await listSets(store, filter, { readStart, signal }) }
  })
}

function unlisted({ settings }: StoreChoice, error: unknown): Listing {
  const location = storeLocation(settings)
  const { message, hint } = asFailure(error, location)
  return { location, problem: { subject: location, ...fail('store', message, hint) } }
}

/** A database of the definition that has never been backed up has no sets, and is checked all the same. */
function databasesToCheck(
  { cluster, database }: SetFilter,
  definition: Cluster | undefined,
  sets: readonly ListedSet[],
): { cluster: string; database: string }[] {
  const expected = definition?.databases.filter((one) => one.backup).map(({ name }) => name) ?? []
  const names = database === undefined ? expected : [database]
  if (cluster !== undefined && names.length > 0) return names.map((name) => ({ cluster, database: name }))
  const found = new Map(sets.map(({ address }) => [`${address.cluster}/${address.database}`, address]))
  return [...found.values()].map(({ cluster: where, database: name }) => ({ cluster: where, database: name }))
}
