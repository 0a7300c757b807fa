import { Failure } from '../platform/failure.ts'
import type { ObjectStore } from '../platform/object-store/store.ts'
import { type CompleteSet, type ListedSet, type ListSetsOptions, listSets } from './catalogue.ts'
import { listDatabases } from './catalogue-databases.ts'
import { isProven } from './catalogue-evidence.ts'
import type { SetFilter } from './catalogue-scan.ts'
import { manifestFile, type SetAddress, setPrefix } from './keys.ts'
import { parseSetName } from './set-name.ts'
import { startedMs } from './set-time.ts'

/** Asks for one set. Cluster and database may be left out where the store holds sets of one only. */
export interface WantedSet extends SetFilter {
  /** A set's name, `latest` or `latest-verified`. */
  set: string
}

/** A set that was found, with what its listing said of it: nothing where it was asked for by its name. */
export type FoundSet = Pick<CompleteSet, 'address' | 'verified' | 'proofFile'>

/**
 * The complete set that is asked for. `latest` is the one begun last, by the time its manifest records; `latest-verified`
 * the last of those in which verification found no difference, be it that it compared everything or a share of the digests.
 *
 * @throws Failure `config` when the question is unclear, `permanent` when there is no such set, or when the latest one is
 * damaged: an older set is never taken silently in its place.
 */
export async function findSet(store: ObjectStore, wanted: WantedSet, options: ListSetsOptions = {}): Promise<FoundSet> {
  const { set, ...filter } = wanted
  if (set !== 'latest' && set !== 'latest-verified') return await findNamed(store, set, filter, options.signal)
  const { cluster, database } = await onlyDatabase(store, filter, options.signal)
  const sets = await listSets(store, { cluster, database }, options)
  const name = `${cluster}/${database}`
  return set === 'latest' ? chooseLatest(sets, name) : chooseVerified(sets, name)
}

/** The complete set begun last; refuses when a set begun later is damaged. */
export function chooseLatest(sets: readonly ListedSet[], name: string): CompleteSet {
  const newest = newestOf(sets)
  const damaged = sets.filter((set) => set.state === 'damaged').findLast(({ address }) => beginOf(address) >= beganMs(newest))
  if (damaged !== undefined) {
    throw new Failure(`the latest set of ${name} is damaged: ${damaged.reason}`, {
      kind: 'permanent',
      subject: damaged.address.set,
      hint: newest ? `The newest set before it is ${newest.address.set}: name it to use it.` : 'There is no other set.',
      code: 'DAMAGED',
    })
  }
  if (newest === undefined) throw noSet(`there is no backup of ${name}`, name)
  return newest
}

/** The set begun last among those in which verification found no difference. */
export function chooseVerified(sets: readonly ListedSet[], name: string): CompleteSet {
  const verified = sets.filter((set) => set.state === 'complete' && isProven(set.verified))
  const newest = newestOf(verified)
  if (newest === undefined) throw noSet(`there is no verified backup of ${name}`, name)
  return newest
}

function newestOf(sets: readonly ListedSet[]): CompleteSet | undefined {
  return sets
    .filter((set) => set.state === 'complete')
    .reduce<CompleteSet | undefined>((best, set) => (beganMs(set) >= beganMs(best) ? set : best), undefined)
}

function beganMs(set: CompleteSet | undefined): number {
  return set === undefined ? Number.NEGATIVE_INFINITY : startedMs(set)
}

/** A damaged set tells its time by its name alone. */
function beginOf({ set }: SetAddress): number {
  return parseSetName(set)?.startedMs ?? Number.NEGATIVE_INFINITY
}

async function findNamed(store: ObjectStore, set: string, filter: SetFilter, signal?: AbortSignal): Promise<FoundSet> {
  if (parseSetName(set) === undefined) {
    throw new Failure(`"${set}" is not the name of a backup set`, {
      kind: 'config',
      subject: set,
      hint: 'Run `ballast list` for the names, or ask for `latest` or `latest-verified`.',
    })
  }
  const found: SetAddress[] = []
  for (const place of await placesFor(store, filter, signal)) {
    const address = { ...place, set }
    if ((await store.head(setPrefix(address) + manifestFile, signal)) !== undefined) found.push(address)
  }
  const [only, other] = found
  if (only === undefined) throw noSet(`there is no complete set ${set} in ${store.location}`, set)
  if (other !== undefined) throw severalDatabases(found)
  return { address: only }
}

async function onlyDatabase(store: ObjectStore, filter: SetFilter, signal?: AbortSignal): Promise<Required<SetFilter>> {
  const places = await placesFor(store, filter, signal)
  const [only] = places
  if (only === undefined) throw noSet(`there is no backup in ${store.location}`, [filter.cluster, filter.database].join('/'))
  if (places.length > 1) throw severalDatabases(places)
  return only
}

async function placesFor(store: ObjectStore, filter: SetFilter, signal?: AbortSignal): Promise<Required<SetFilter>[]> {
  const { cluster, database } = filter
  if (cluster !== undefined && database !== undefined) return [{ cluster, database }]
  return await listDatabases(store, filter, signal)
}

function severalDatabases(places: readonly Required<SetFilter>[]): Failure {
  const named = places.slice(0, 10).map(({ cluster, database }) => `${cluster}/${database}`)
  const clusters = new Set(places.map(({ cluster }) => cluster)).size
  return new Failure(`there are sets of several databases: ${named.join(', ')}${places.length > 10 ? ', ...' : ''}`, {
    kind: 'config',
    subject: 'database',
    hint: `Say which one: add ${clusters > 1 ? '--cluster NAME and ' : ''}--database NAME.`,
  })
}

function noSet(message: string, subject: string): Failure {
  return new Failure(message, {
    kind: 'permanent',
    subject,
    hint: 'Run `ballast list` for what there is: check the store, its prefix, --cluster and --database.',
    code: 'NO_SUCH_SET',
  })
}
