import type { Cluster } from '../../../config/cluster.ts'
import type { CompleteSet } from '../../../functions/archive/catalogue.ts'
import { startedMs } from '../../../functions/archive/set-time.ts'
import { definedStores } from '../../../functions/runtime/definition/defined-stores.ts'
import { listStores } from '../../../functions/runtime/list-stores.ts'
import type { StoredProof } from '../model/stored-proof.ts'

/**
 * What the first store says of each database that is backed up: its newest complete backup, and its newest proof.
 *
 * @param env where the store's secrets are looked up.
 * @throws Failure where the store cannot be listed: that it has no proof would be a wrong answer.
 */
export async function readStored(cluster: Cluster, env: NodeJS.ProcessEnv, signal: AbortSignal): Promise<StoredProof[]> {
  const [first] = definedStores(cluster)
  const [listing] = await listStores([first], { cluster: cluster.name }, env, signal)
  if (listing === undefined) return []
  if ('failure' in listing) throw listing.failure
  const complete = listing.sets.filter((set) => set.state === 'complete')
  return cluster.databases
    .filter(({ backup }) => backup)
    .map(({ name }) =>
      storedProof(
        name,
        complete.filter(({ address }) => address.database === name),
      ),
    )
}

/** What complete sets of one database show. */
export function storedProof(database: string, sets: readonly CompleteSet[]): StoredProof {
  const newest = sets.toSorted((a, b) => startedMs(b) - startedMs(a))[0]
  const verified = sets.flatMap(({ address, verified: found }) => (found === undefined ? [] : [{ set: address.set, ...found }]))
  const [proof] = verified.toSorted((a, b) => b.atMs - a.atMs).map(({ atMs, ...said }) => ({ ...said, at: isoTime(atMs) }))
  return {
    database,
    ...(newest === undefined ? {} : { newest: newestOf(newest) }),
    ...(proof === undefined ? {} : { proof }),
  }
}

function newestOf({ address, summary }: CompleteSet): NonNullable<StoredProof['newest']> {
  const { startedAt, rows, tables, storedBytes } = summary
  return { set: address.set, startedAt, rows, tables, storedBytes }
}

function isoTime(ms: number): string {
  return new Date(ms).toISOString()
}
